package io.metricstream.storage.store;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;

/** A cursor that keeps what it reads from until it is closed itself. */
@OwnedBy(Role.QUERY)
final class HoldingCursor implements SeriesCursor {
    private final SeriesCursor cursor;
    private final Reader.Held held;
    private boolean closed;

    HoldingCursor(SeriesCursor cursor, Reader.Held held) {
        this.cursor = cursor;
        this.held = held;
    }

    @Override
    public boolean next() throws StorageFailure {
        return cursor.next();
    }

    @Override
    public byte[] key() {
        return cursor.key();
    }

    @Override
    public int keyLength() {
        return cursor.keyLength();
    }

    @Override
    public Labels labels() {
        return cursor.labels();
    }

    @Override
    public MetricType type() {
        return cursor.type();
    }

    @Override
    public SampleRuns samples() throws StorageFailure {
        return cursor.samples();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            cursor.close();
            held.close();
        }
    }
}

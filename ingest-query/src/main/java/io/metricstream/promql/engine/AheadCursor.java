package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what another cursor reads, and from some series on has it read ahead by another thread, if one is free then. The
 * samples of a series that was read ahead can be asked for only once.
 *
 * <p>Thread: the one that opened it. Owns: the other cursor, but while that is read ahead.
 */
@OwnedBy(Role.QUERY)
final class AheadCursor implements SeriesCursor {
    /** Fewer are not worth another thread. */
    private static final int SERIES_BEFORE = 32;

    private final SeriesCursor cursor;
    private final ReadAhead threads;
    private final Runs runs = new Runs();
    private int series;
    private @Nullable AheadReading reading;

    private @Nullable AheadBatch batch;
    /** The run to come, in the batch. */
    private int nextRun;
    /** The series to come among those that begin in the batch. */
    private int nextSeries;

    private AheadBatch.@Nullable Series current;

    AheadCursor(SeriesCursor cursor, ReadAhead threads) {
        this.cursor = cursor;
        this.threads = threads;
    }

    @Override
    public boolean next() throws StorageFailure {
        if (reading == null) {
            if (++series % SERIES_BEFORE != 0 || !tryReadAhead()) {
                return cursor.next();
            }
        }
        if (runs.atBegin) {
            // Nobody has asked for the samples of the series before.
            nextRun++;
            runs.atBegin = false;
        }
        while (hasRun()) {
            if (upcoming().beginsSeries()) {
                current = batch().series(nextSeries++);
                runs.atBegin = true;
                return true;
            }
            nextRun++;
        }
        return false;
    }

    private boolean tryReadAhead() {
        var ahead = new AheadReading(cursor);
        if (!threads.tryStart(ahead)) {
            return false;
        }
        reading = ahead;
        return true;
    }

    /** Whether there is one more run, of whatever series; brings its batch in. */
    private boolean hasRun() throws StorageFailure {
        AheadReading ahead = reading;
        if (ahead == null) {
            throw new IllegalStateException("nothing is read ahead");
        }
        while (batch == null || nextRun == batch.runs()) {
            AheadBatch before = batch;
            batch = null;
            batch = ahead.next(before);
            nextRun = 0;
            nextSeries = 0;
            if (batch == null) {
                return false;
            }
        }
        return true;
    }

    private AheadBatch batch() {
        AheadBatch present = batch;
        if (present == null) {
            throw new IllegalStateException("nothing was read");
        }
        return present;
    }

    private AheadBatch.Run upcoming() {
        return batch().run(nextRun);
    }

    private AheadBatch.Series current() {
        AheadBatch.Series present = current;
        if (present == null) {
            throw new IllegalStateException("on no series");
        }
        return present;
    }

    @Override
    public byte[] key() {
        return reading == null ? cursor.key() : current().key();
    }

    @Override
    public int keyLength() {
        return reading == null ? cursor.keyLength() : current().key().length;
    }

    @Override
    public Labels labels() {
        return reading == null ? cursor.labels() : current().labels();
    }

    @Override
    public MetricType type() {
        return reading == null ? cursor.type() : current().type();
    }

    @Override
    public SampleRuns samples() throws StorageFailure {
        return reading == null ? cursor.samples() : runs;
    }

    @Override
    public void close() {
        AheadReading ahead = reading;
        if (ahead != null) {
            ahead.stop(batch);
            batch = null;
        }
        cursor.close();
    }

    /** The runs of the current series; the one before the next is the current one. */
    private final class Runs implements SampleRuns {
        private boolean atBegin;
        private AheadBatch.@Nullable Run run;

        @Override
        public boolean next() throws StorageFailure {
            boolean more = hasRun() && upcoming().beginsSeries() == atBegin;
            if (more) {
                run = upcoming();
                nextRun++;
                atBegin = false;
            }
            return more;
        }

        private AheadBatch.Run run() {
            AheadBatch.Run present = run;
            if (present == null) {
                throw new IllegalStateException("on no run");
            }
            return present;
        }

        @Override
        public int count() {
            return run().count();
        }

        @Override
        public long firstMillis() {
            return run().times()[0];
        }

        @Override
        public long lastMillis() {
            return run().times()[count() - 1];
        }

        @Override
        public boolean isSummarized() {
            return run().isSummarized();
        }

        @Override
        public double min() {
            return run().min();
        }

        @Override
        public double max() {
            return run().max();
        }

        @Override
        public double sum() {
            return run().sum();
        }

        @Override
        public boolean isSumExact() {
            return run().isSumExact();
        }

        @Override
        public long[] timestampsMillis() {
            return run().times();
        }

        @Override
        public double[] values() {
            return run().values();
        }
    }
}

package io.metricstream.storage.merge;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series of a cursor less what is deleted of them; a series of which nothing remains is passed over.
 *
 * <p>Thread: the one that made it. Owns: the cursor it was given.
 */
@OwnedBy(Role.QUERY)
public final class DeletedCursor implements SeriesCursor {
    private final SeriesCursor cursor;
    private final List<Deletion> deletions;
    private final List<Deletion> covering = new ArrayList<>();
    private @Nullable DeletedRuns runs;
    /** The runs were given to somebody, who may have moved on in them. */
    private boolean given;

    /** Hides what these deletions cover, whatever their sequence; without any it is the cursor itself. */
    public static SeriesCursor of(SeriesCursor cursor, List<Deletion> deletions) {
        return deletions.isEmpty() ? cursor : new DeletedCursor(cursor, deletions);
    }

    private DeletedCursor(SeriesCursor cursor, List<Deletion> deletions) {
        this.cursor = cursor;
        this.deletions = List.copyOf(deletions);
    }

    @Override
    public boolean next() throws StorageFailure {
        given = false;
        while (cursor.next()) {
            covering.clear();
            Labels labels = cursor.labels();
            for (Deletion deletion : deletions) {
                if (deletion.covers(labels)) {
                    covering.add(deletion);
                }
            }
            if (covering.isEmpty() || remains(cursor.samples())) {
                return true;
            }
        }
        return false;
    }

    private boolean remains(SampleRuns of) throws StorageFailure {
        DeletedRuns filter = runs;
        if (filter == null) {
            filter = new DeletedRuns(of);
            runs = filter;
        }
        return filter.begin(of, covering);
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
        DeletedRuns filter = runs;
        if (covering.isEmpty() || filter == null) {
            return cursor.samples();
        }
        if (given) {
            boolean unused = filter.begin(cursor.samples(), covering);
        }
        given = true;
        return filter;
    }

    @Override
    public void close() {
        cursor.close();
    }
}

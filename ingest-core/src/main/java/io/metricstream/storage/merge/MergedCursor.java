package io.metricstream.storage.merge;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series of several cursors as one, in label order; where two have the same series and time, the earlier cursor in
 * the list wins.
 *
 * <p>Thread: the one that made it. Owns: the cursors it was given, and closes them, also where its making fails.
 */
@OwnedBy(Role.QUERY)
public final class MergedCursor implements SeriesCursor {
    private final SeriesCursor[] cursors;
    private final boolean[] live;
    /** Which cursors stand on the current series, in order. */
    private final int[] current;

    private int currentCount;
    private final MergedRuns runs = new MergedRuns();

    private MergedCursor(List<SeriesCursor> newestFirst) {
        this.cursors = newestFirst.toArray(new SeriesCursor[0]);
        this.live = new boolean[cursors.length];
        this.current = new int[cursors.length];
    }

    /** Joins cursors, the newest first. */
    public static SeriesCursor of(List<SeriesCursor> newestFirst) throws StorageFailure {
        if (newestFirst.size() == 1) {
            return newestFirst.get(0);
        }
        var merged = new MergedCursor(newestFirst);
        try {
            for (int i = 0; i < merged.cursors.length; i++) {
                merged.live[i] = merged.cursors[i].next();
            }
            return merged;
        } catch (StorageFailure | RuntimeException e) {
            merged.close();
            throw e;
        }
    }

    @Override
    public boolean next() throws StorageFailure {
        for (int i = 0; i < currentCount; i++) {
            int cursor = current[i];
            live[cursor] = cursors[cursor].next();
        }
        currentCount = 0;
        for (int i = 0; i < cursors.length; i++) {
            if (live[i]) {
                int c = currentCount == 0 ? 0 : compare(cursors[i], cursors[current[0]]);
                if (c < 0) {
                    currentCount = 0;
                }
                if (c <= 0) {
                    current[currentCount++] = i;
                }
            }
        }
        return currentCount > 0;
    }

    @Override
    public byte[] key() {
        return cursors[current[0]].key();
    }

    @Override
    public int keyLength() {
        return cursors[current[0]].keyLength();
    }

    @Override
    public Labels labels() {
        return cursors[current[0]].labels();
    }

    @Override
    public MetricType type() {
        return cursors[current[0]].type();
    }

    @Override
    public SampleRuns samples() throws StorageFailure {
        if (currentCount == 1) {
            return cursors[current[0]].samples();
        }
        runs.clear();
        for (int i = 0; i < currentCount; i++) {
            runs.add(cursors[current[i]].samples());
        }
        return runs;
    }

    @Override
    public void close() {
        for (@Nullable SeriesCursor cursor : cursors) {
            if (cursor != null) {
                cursor.close();
            }
        }
    }

    private static int compare(SeriesCursor a, SeriesCursor b) {
        return SeriesKey.compareByLabels(a.key(), a.keyLength(), b.key(), b.keyLength());
    }
}

package io.metricstream.ring;

import io.metricstream.model.SampleBatch;
import io.metricstream.model.SeriesKey;
import io.metricstream.model.SeriesKeys;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.SeriesTable;
import org.jspecify.annotations.Nullable;

/**
 * Gives the samples of a batch their refs in the current series table, and adds the series that are new.
 *
 * <p>Thread: DISK_WRITER only. Owns: the adding side of the series table. A series that was added for a group which could
 * not be committed stays, for event loops know it already; the log names it before its next sample.
 */
@OwnedBy(Role.DISK_WRITER)
final class SeriesResolver {
    private final Head head;
    private SeriesTable series;
    private int[] resolved = new int[64];

    SeriesResolver(Head head) {
        this.head = head;
        this.series = head.series();
    }

    /** The table of which all refs are from here on. */
    SeriesTable series() {
        return series;
    }

    /** A memtable was frozen, and many series may have been forgotten; true where they were. */
    boolean renewSeries() {
        SeriesTable before = series;
        series = head.series();
        return series != before;
    }

    /** Replaces refs of a table that is not the current one any more. */
    void translate(SampleBatch batch) {
        SeriesKeys from = batch.series();
        if (from == series) {
            return;
        }
        int[] refs = batch.refs();
        int last = -1;
        int lastTranslated = -1;
        for (int i = 0; i < batch.count(); i++) {
            int ref = refs[i];
            if (ref >= 0) {
                if (ref != last) {
                    last = ref;
                    lastTranslated = translated(from.key(ref), batch);
                }
                refs[i] = lastTranslated;
            }
        }
        batch.translatedTo(series);
    }

    private int translated(byte @Nullable [] key, SampleBatch batch) {
        if (key == null) {
            throw new IllegalStateException("a ref without a series in a batch");
        }
        long hash = SeriesKey.hash(key, 0, key.length);
        int ref = series.find(key, 0, key.length, hash);
        return ref >= 0 ? ref : batch.addNewSeries(key, 0, key.length, hash);
    }

    /** Marks the samples whose series there is no room for, and creates none; returns how many they are. */
    int markWithoutRoom(SampleBatch batch) {
        int count = batch.newSeriesCount();
        ensureResolved(count);
        byte[] keys = batch.newSeriesKeys();
        int wanted = 0;
        long wantedBytes = 0;
        for (int i = 0; i < count; i++) {
            int length = batch.newSeriesLength(i);
            int ref = series.find(keys, batch.newSeriesOffset(i), length, batch.newSeriesHash(i));
            if (ref == SeriesTable.UNKNOWN) {
                if (series.hasRoomFor(wanted + 1, wantedBytes + length)) {
                    wanted++;
                    wantedBytes += length;
                } else {
                    ref = SeriesTable.FULL;
                }
            }
            resolved[i] = ref;
        }
        int marked = 0;
        int[] refs = batch.refs();
        for (int i = 0; i < batch.count(); i++) {
            if (refs[i] < 0 && resolved[~refs[i]] == SeriesTable.FULL) {
                refs[i] = WriteRequest.NOT_STORED;
                marked++;
            }
        }
        return marked;
    }

    /** Gives every sample its series' ref; returns how many samples got none. */
    int resolve(SampleBatch batch) {
        int count = batch.newSeriesCount();
        if (count == 0) {
            return 0;
        }
        ensureResolved(count);
        byte[] keys = batch.newSeriesKeys();
        for (int i = 0; i < count; i++) {
            resolved[i] = refOf(keys, batch.newSeriesOffset(i), batch.newSeriesLength(i), batch.newSeriesHash(i));
        }
        int notStored = 0;
        int[] refs = batch.refs();
        for (int i = 0; i < batch.count(); i++) {
            if (refs[i] < 0) {
                refs[i] = resolved[~refs[i]];
                notStored += refs[i] < 0 ? 1 : 0;
            }
        }
        return notStored;
    }

    private int refOf(byte[] keys, int offset, int length, long hash) {
        int ref = series.find(keys, offset, length, hash);
        if (ref == SeriesTable.UNKNOWN) {
            ref = series.add(keys, offset, length, hash);
        }
        return ref == SeriesTable.FULL ? WriteRequest.NOT_STORED : ref;
    }

    private void ensureResolved(int count) {
        if (resolved.length < count) {
            resolved = new int[Math.max(count, resolved.length * 2)];
        }
    }
}

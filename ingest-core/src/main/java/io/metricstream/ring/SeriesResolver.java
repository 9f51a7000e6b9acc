package io.metricstream.ring;

import io.metricstream.model.SampleBatch;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.SeriesTable;
import io.metricstream.storage.wal.Wal;
import java.util.Arrays;

/**
 * Gives the samples of a batch their refs, and logs the series that are new.
 *
 * <p>Thread: DISK_WRITER only. Owns: the adding side of the series table.
 *
 * <p>Order: a series record precedes the first samples record that names its ref. A series created in a group that
 * could not be committed keeps its ref, for event loops know it already, and is logged again with {@link #relog} before
 * anything else of the next group.
 */
@OwnedBy(Role.DISK_WRITER)
final class SeriesResolver {
    private final SeriesTable series;
    private final Wal log;
    private final RefList unloggedRefs = new RefList();
    private final RefList newRefs = new RefList();
    private int[] resolved = new int[64];

    SeriesResolver(SeriesTable series, Wal log) {
        this.series = series;
        this.log = log;
    }

    /** What was logged since the last commit is durable. */
    void onCommit() {
        newRefs.clear();
    }

    /** What was logged since the last commit is gone. */
    void onRollback() {
        unloggedRefs.addAll(newRefs);
        newRefs.clear();
    }

    /** Logs the series again whose group was not committed. */
    void relog() throws StorageFailure {
        if (unloggedRefs.isEmpty()) {
            return;
        }
        for (int i = 0; i < unloggedRefs.size(); i++) {
            int ref = unloggedRefs.get(i);
            byte[] key = series.key(ref);
            if (key == null) {
                throw new IllegalStateException("no key for an unlogged series: ref=" + ref);
            }
            log.appendSeries(ref, key, 0, key.length);
        }
        newRefs.addAll(unloggedRefs);
        unloggedRefs.clear();
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
    int resolve(SampleBatch batch) throws StorageFailure {
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

    private int refOf(byte[] keys, int offset, int length, long hash) throws StorageFailure {
        int known = series.find(keys, offset, length, hash);
        if (known != SeriesTable.UNKNOWN) {
            return known;
        }
        int ref = series.add(keys, offset, length, hash);
        if (ref == SeriesTable.FULL) {
            return WriteRequest.NOT_STORED;
        }
        newRefs.add(ref);
        log.appendSeries(ref, keys, offset, length);
        return ref;
    }

    private void ensureResolved(int count) {
        if (resolved.length < count) {
            resolved = new int[Math.max(count, resolved.length * 2)];
        }
    }

    /** Refs in a growing array. */
    private static final class RefList {
        private int[] refs = new int[64];
        private int size;

        void add(int ref) {
            if (size == refs.length) {
                refs = Arrays.copyOf(refs, size * 2);
            }
            refs[size++] = ref;
        }

        void addAll(RefList other) {
            for (int i = 0; i < other.size; i++) {
                add(other.refs[i]);
            }
        }

        int get(int index) {
            return refs[index];
        }

        int size() {
            return size;
        }

        boolean isEmpty() {
            return size == 0;
        }

        void clear() {
            size = 0;
        }
    }
}

package io.metricstream.ring;

import io.metricstream.limit.NewSeriesWindows;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SampleBatch;
import io.metricstream.model.SeriesKey;
import io.metricstream.model.SeriesKeyReader;
import io.metricstream.model.SeriesKeys;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.SeriesTable;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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
    private final NewSeriesWindows newcomers;
    private final NanoClock clock;
    private final SeriesKeyReader reader = new SeriesKeyReader();
    private int[] resolved = new int[64];

    SeriesResolver(Head head, NanoClock clock) {
        this.head = head;
        this.clock = clock;
        this.newcomers = new NewSeriesWindows(head.limits().maxNewPerHour(), clock.nanos());
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

    /** Marks the samples whose series cannot be created, and creates none; returns how many they are. */
    int markWithoutRoom(WriteRequest request) {
        SampleBatch batch = request.batch();
        int count = batch.newSeriesCount();
        ensureResolved(count);
        byte[] keys = batch.newSeriesKeys();
        var wanted = new Wanted(newcomers.room(request.client(), clock.nanos()));
        for (int i = 0; i < count; i++) {
            int offset = batch.newSeriesOffset(i);
            int length = batch.newSeriesLength(i);
            long hash = batch.newSeriesHash(i);
            int ref = series.find(keys, offset, length, hash);
            resolved[i] = ref == SeriesTable.UNKNOWN ? wanted.add(keys, offset, length, head.wasStored(hash)) : ref;
        }
        int marked = 0;
        int[] refs = batch.refs();
        for (int i = 0; i < batch.count(); i++) {
            if (refs[i] < 0 && isRefusal(resolved[~refs[i]])) {
                refs[i] = WriteRequest.refused(resolved[~refs[i]], ~refs[i]);
                marked++;
            }
        }
        return marked;
    }

    /** Gives every sample its series' ref; returns how many samples got none. */
    int resolve(WriteRequest request) {
        SampleBatch batch = request.batch();
        int count = batch.newSeriesCount();
        if (count == 0) {
            return 0;
        }
        ensureResolved(count);
        byte[] keys = batch.newSeriesKeys();
        long nowNanos = clock.nanos();
        for (int i = 0; i < count; i++) {
            int offset = batch.newSeriesOffset(i);
            int length = batch.newSeriesLength(i);
            long hash = batch.newSeriesHash(i);
            int ref = series.find(keys, offset, length, hash);
            resolved[i] = ref >= 0 ? ref : added(request.client(), nowNanos, keys, offset, length, hash);
        }
        int notStored = 0;
        int[] refs = batch.refs();
        for (int i = 0; i < batch.count(); i++) {
            if (refs[i] < 0) {
                int ref = resolved[~refs[i]];
                refs[i] = ref >= 0 ? ref : WriteRequest.refused(ref, ~refs[i]);
                notStored += ref < 0 ? 1 : 0;
            }
        }
        return notStored;
    }

    private int added(String client, long nowNanos, byte[] keys, int offset, int length, long hash) {
        boolean isNew = !head.wasStored(hash);
        if (isNew && newcomers.room(client, nowNanos) == 0) {
            return WriteRequest.CLIENT_FULL;
        }
        int ref = series.add(keys, offset, length, hash);
        if (ref == SeriesTable.METRIC_FULL) {
            return WriteRequest.METRIC_FULL;
        }
        if (ref == SeriesTable.FULL) {
            return WriteRequest.NOT_STORED;
        }
        if (isNew) {
            newcomers.add(client, nowNanos);
        }
        return ref;
    }

    private static boolean isRefusal(int ref) {
        return ref <= WriteRequest.CLIENT_FULL;
    }

    private void ensureResolved(int count) {
        if (resolved.length < count) {
            resolved = new int[Math.max(count, resolved.length * 2)];
        }
    }

    /** What a request that wants all or nothing would add. */
    private final class Wanted {
        private final int clientRoom;
        private final Set<String> keysWanted = new HashSet<>();
        private final Map<String, Integer> ofMetric = new HashMap<>();
        private int newSeries;
        private long keyBytes;

        Wanted(int clientRoom) {
            this.clientRoom = clientRoom;
        }

        /** 0 or above where it can be added, or why not. */
        int add(byte[] keys, int offset, int length, boolean wasStored) {
            if (!keysWanted.add(new String(keys, offset, length, StandardCharsets.ISO_8859_1))) {
                return 0;
            }
            keyBytes += length;
            newSeries += wasStored ? 0 : 1;
            if (!series.hasRoomFor(keysWanted.size(), keyBytes)) {
                return WriteRequest.NOT_STORED;
            }
            if (!wasStored && newSeries > clientRoom) {
                return WriteRequest.CLIENT_FULL;
            }
            reader.open(keys, offset);
            String metric = new String(keys, reader.valueAt(), reader.valueLength(), StandardCharsets.UTF_8);
            int more = ofMetric.merge(metric, 1, Integer::sum);
            return series.metricHasRoomFor(keys, offset, more) ? 0 : WriteRequest.METRIC_FULL;
        }
    }
}

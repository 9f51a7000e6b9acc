package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.SeriesLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store that is opened again makes of what it finds, where the log, the checkpoint or the settings are not as before. */
final class StoreRecoveryTest {
    private static final Path DATA = Path.of("/data");
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long NOW = 100 * DAY + DAY / 2;
    private static final Duration MONTH = Duration.ofDays(30);

    private final CrashingDisk disk = new CrashingDisk(Path.of("/"));
    private SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Store store;
    private Head head;

    /** Opens it; the next record has this number, and the checkpoint is just before. */
    private void open(Duration retention, long nextSequence) throws StorageFailure {
        registry = new SimpleMeterRegistry();
        var place = new Store.Place(disk, DATA, () -> NOW, NanoClock.system(), registry);
        store = Store.open(place, new StoreConfig(retention, 0, 0, false));
        var limits = SeriesLimits.of(1000, 4 << 20);
        head = new Head(new HeadConfig(64 << 20, Duration.ofHours(2), limits), store, NanoClock.system());
        store.start(head, nextSequence - 1, flushed -> {});
        head.startAt(nextSequence);
    }

    @AfterEach
    void close() throws InterruptedException {
        assertThat(store.close(Duration.ofSeconds(30))).isTrue();
    }

    private void write(long sequence, long timeMillis, double value) throws Exception {
        byte[] key = SeriesKey.of(MetricType.GAUGE, "m", Map.of());
        long hash = SeriesKey.hash(key, 0, key.length);
        int ref = head.series().find(key, 0, key.length, hash);
        if (ref < 0) {
            ref = head.series().add(key, 0, key.length, hash);
        }
        head.append(new int[] {ref}, new long[] {timeMillis}, new double[] {value}, 1);
        assertThat(head.onApplied(sequence + 1)).isFalse();
    }

    private void flush() throws Exception {
        double before = count("flushes");
        assertThat(head.tryFreeze()).isTrue();
        await(() -> count("flushes") > before);
    }

    private double count(String name) {
        return registry.counter("metricstream.store." + name).count();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Map<Long, Double> read() throws StorageFailure {
        var found = new TreeMap<Long, Double>();
        try (SeriesCursor cursor = store.select(Selection.ALL)) {
            while (cursor.next()) {
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    for (int i = 0; i < runs.count(); i++) {
                        found.put(runs.timestampsMillis()[i], runs.values()[i]);
                    }
                }
            }
        }
        return found;
    }

    /** Without its checkpoint a start reads all that is left of the log into one stretch, which seems to begin with record 0. */
    @Test
    void losesNoPartWithItsCheckpoint() throws Exception {
        open(MONTH, 0);
        write(0, NOW, 1);
        flush();
        write(1, NOW + 1, 2);
        flush();
        close();
        open(MONTH, 0);
        write(2, NOW + 2, 3);
        flush();
        assertThat(read()).isEqualTo(Map.of(NOW, 1.0, NOW + 1, 2.0, NOW + 2, 3.0));
        close();
        open(MONTH, 3);
        assertThat(read()).isEqualTo(Map.of(NOW, 1.0, NOW + 1, 2.0, NOW + 2, 3.0));
    }

    /** The log had lost records that were in a part already, as it may with durability memory, and gives out later numbers. */
    @Test
    void keepsWhatOnlyAPartHasOfAStretchOfTheLog() throws Exception {
        open(MONTH, 0);
        write(0, NOW, 1);
        write(1, NOW + 1, 2);
        flush();
        close();
        open(MONTH, 0);
        write(0, NOW, 1);
        write(2, NOW + 2, 3);
        flush();
        close();
        open(MONTH, 3);
        assertThat(read()).isEqualTo(Map.of(NOW, 1.0, NOW + 1, 2.0, NOW + 2, 3.0));
    }

    /** A part of the same records is there: the start before this one was ended before its checkpoint. */
    @Test
    void doesNotFlushTheSameRecordsTwice() throws Exception {
        open(MONTH, 0);
        write(0, NOW, 1);
        write(1, NOW + 1, 2);
        flush();
        close();
        open(MONTH, 0);
        write(1, NOW + 1, 2);
        flush();
        assertThat(read()).isEqualTo(Map.of(NOW, 1.0, NOW + 1, 2.0));
    }

    @Test
    void lastValueWinsWhereRetentionChangesTheLengthOfPartitions() throws Exception {
        open(MONTH, 0);
        write(0, NOW, 1);
        flush();
        close();
        open(Duration.ofDays(365), 1);
        write(1, NOW, 2);
        assertThat(read()).isEqualTo(Map.of(NOW, 2.0));
        flush();
        assertThat(read()).isEqualTo(Map.of(NOW, 2.0));
        close();
        open(MONTH, 2);
        for (int i = 2; i < 8; i++) {
            write(i, NOW + i, i);
            flush();
        }
        await(() -> count("merges") > 0);
        assertThat(read()).containsEntry(NOW, 2.0);
    }

    private void delete(String metric) throws StorageFailure {
        store.delete(List.of(List.of(Matcher.equal("__name__", metric))), 0, Long.MAX_VALUE, () -> {
            assertThat(head.tryFreeze()).isTrue();
            return head.frozenUpTo();
        });
    }

    /** A part that has nothing of what was deleted is not written again, and the deletion is done all the same. */
    @Test
    void writesOnlyPartsAgainThatHaveWhatIsDeleted() throws Exception {
        open(MONTH, 0);
        write(0, NOW - DAY, 1);
        flush();
        delete("other");
        write(1, NOW, 2);
        flush();
        await(() -> registry.get("metricstream.store.deletions").gauge().value() == 0);
        assertThat(count("merges")).isZero();
        assertThat(read()).isEqualTo(Map.of(NOW - DAY, 1.0, NOW, 2.0));
    }

    /** The numbers of deletions go on from those that parts know of. */
    @Test
    void deletesAfterItsFileOfDeletionsIsLost() throws Exception {
        open(MONTH, 0);
        write(0, NOW - DAY, 1);
        flush();
        delete("m");
        write(1, NOW, 2);
        flush();
        await(() -> count("merges") > 0);
        close();
        disk.remove(DATA.resolve(Deletions.FILE));
        open(MONTH, 2);
        assertThat(read()).isEqualTo(Map.of(NOW, 2.0));
        delete("m");
        assertThat(read()).isEmpty();
    }

    @Test
    void deletedSamplesStayAwayWhereTheirFileCannotBeDeleted() throws Exception {
        open(MONTH, 0);
        write(0, NOW, 1);
        flush();
        disk.fail(CrashingDisk.Call.DELETE, ".part");
        double failures = count("failures");
        delete("m");
        await(() -> count("failures") > failures);
        assertThat(read()).isEmpty();
        close();
        open(MONTH, 1);
        assertThat(read()).isEmpty();
    }
}

package io.metricstream.storage.store;

import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Matcher;
import io.metricstream.select.Queryable;
import io.metricstream.select.Question;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.SameThreadExecutor;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.HeadReplay;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.RecoveryReport;
import io.metricstream.storage.wal.Wal;
import io.metricstream.storage.wal.WalConfig;
import io.metricstream.storage.wal.WalRecovery;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * A data folder in use as a server uses it: store, memory and log, from one start to the next kill or stop.
 *
 * <p>Thread: the test's, which is also the disk writer.
 */
final class StoredLife {
    static final long DAY = Duration.ofDays(1).toMillis();
    static final long NOW = 100 * DAY + DAY / 2;
    private static final WalConfig LOG = new WalConfig(Durability.FSYNC, 64 << 10, 0);

    final Store store;
    final Head head;
    final RecoveryReport report;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LogRetention retention;
    private final Wal log;

    /** A value of a host at a time. */
    record Sample(String host, long timeMillis) {}

    /** Starts, and goes on without what is damaged. */
    StoredLife(Disk disk, Path folder) throws StorageFailure {
        this(disk, folder, new StoreConfig(Duration.ofDays(30), 0, 0, true));
    }

    StoredLife(Disk disk, Path folder, StoreConfig config) throws StorageFailure {
        var place = new Store.Place(disk, folder, () -> NOW, NanoClock.system(), registry);
        store = Store.open(place, config);
        retention = LogRetention.open(disk, folder);
        retention.onUsed(store.lastSequence());
        head = new Head(
                new HeadConfig(8 << 20, Duration.ofHours(2), SeriesLimits.of(1000, 4 << 20)),
                store,
                NanoClock.system());
        long flushed = retention.checkpoint().sequence();
        store.start(head, flushed, retention::onFlushed);
        var replay = new HeadReplay(head, flushed, store.deletionSequences());
        WalRecovery.Recovered recovered = new WalRecovery(disk, folder, retention)
                .open(LOG, replay, (done, total) -> {}, new SameThreadExecutor(), NanoClock.system());
        log = recovered.log();
        report = recovered.report();
        replay.finish(log.durablePosition().sequence());
    }

    /** Writes samples as one group. */
    void write(Map<Sample, Double> samples) throws StorageFailure {
        int count = samples.size();
        int[] refs = new int[count];
        long[] times = new long[count];
        double[] values = new double[count];
        int i = 0;
        for (Map.Entry<Sample, Double> sample : samples.entrySet()) {
            refs[i] = refOf(sample.getKey().host());
            times[i] = sample.getKey().timeMillis();
            values[i] = sample.getValue();
            i++;
        }
        log.appendSamples(head.series(), refs, times, values, count);
        log.commit();
        head.append(refs, times, values, count);
        boolean unused = head.onApplied(log.durablePosition().sequence());
    }

    private int refOf(String host) {
        SeriesTable series = head.series();
        byte[] key = SeriesKey.of(MetricType.GAUGE, "m", Map.of("host", host));
        long hash = SeriesKey.hash(key, 0, key.length);
        int ref = series.find(key, 0, key.length, hash);
        return ref >= 0 ? ref : series.add(key, 0, key.length, hash);
    }

    /** Makes parts of what is in memory, and forgets the log of it. */
    void flush() throws Exception {
        await(head::tryFreeze);
        log.startEpoch();
        long frozen = head.frozenUpTo();
        await(() -> retention.checkpoint().sequence() >= frozen);
    }

    /** Deletes all that a host has by now. */
    void delete(String host) throws Exception {
        await(head::tryFreeze);
        log.startEpoch();
        store.delete(List.of(List.of(Matcher.equal("host", host))), Long.MIN_VALUE, Long.MAX_VALUE, head::frozenUpTo);
    }

    /** The last record of the log. */
    long lastSequence() {
        return log.durablePosition().sequence() - 1;
    }

    double count(String name) {
        return registry.counter("metricstream.store." + name).count();
    }

    /** What there is once all damage that a question meets was set aside. */
    Map<Sample, Double> settled() throws Exception {
        Question question = store.ask();
        Map<Sample, Double> found = read(question);
        while (!question.warnings().isEmpty()) {
            LockSupport.parkNanos(200_000);
            question = store.ask();
            found = read(question);
        }
        return found;
    }

    static Map<Sample, Double> read(Queryable from) throws StorageFailure {
        var found = new HashMap<Sample, Double>();
        try (SeriesCursor cursor = from.select(Selection.ALL)) {
            while (cursor.next()) {
                String host = cursor.labels().get("host");
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    for (int i = 0; i < runs.count(); i++) {
                        found.put(new Sample(host, runs.timestampsMillis()[i]), runs.values()[i]);
                    }
                }
            }
        }
        return found;
    }

    static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain");
            }
            LockSupport.parkNanos(100_000);
        }
    }

    /** Ends the threads, and leaves the files as a kill does. */
    void kill() throws InterruptedException {
        var unused = store.close(Duration.ZERO);
    }
}

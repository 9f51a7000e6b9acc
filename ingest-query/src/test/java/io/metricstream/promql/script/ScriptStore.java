package io.metricstream.promql.script;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Queryable;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import io.metricstream.storage.store.Store;
import io.metricstream.storage.store.StoreConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A store as the server has it, of memory and parts, in a folder; any samples in any order. */
public final class ScriptStore implements AutoCloseable {
    private final Store store;
    private final Head head;
    private final AtomicLong flushed = new AtomicLong(-1);
    private long sequence;

    public ScriptStore(Path folder) throws StorageFailure {
        var place = new Store.Place(new RealDisk(), folder, () -> 0, NanoClock.system(), new SimpleMeterRegistry());
        store = Store.open(place, new StoreConfig(StoreConfig.FOREVER, 0, 0, false));
        head = new Head(
                new HeadConfig(64 << 20, Duration.ofHours(2), SeriesLimits.of(100_000, 64 << 20)),
                store,
                NanoClock.system());
        store.start(head, -1, flushed::set);
        head.startAt(0);
    }

    public Queryable queryable() {
        return store.ask();
    }

    /** Appends samples of one series. */
    public void append(Labels labels, long[] times, double[] values) throws StorageFailure {
        if (times.length == 0) {
            return;
        }
        Map<String, String> tags = new TreeMap<>();
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.name(i).equals(Labels.NAME)) {
                tags.put(labels.name(i), labels.value(i));
            }
        }
        byte[] key = SeriesKey.of(MetricType.GAUGE, labels.get(Labels.NAME), tags);
        long hash = SeriesKey.hash(key, 0, key.length);
        SeriesTable series = head.series();
        int known = series.find(key, 0, key.length, hash);
        int ref = known >= 0 ? known : series.add(key, 0, key.length, hash);
        int[] refs = new int[times.length];
        java.util.Arrays.fill(refs, ref);
        head.append(refs, times, values, times.length);
        head.onApplied(++sequence);
    }

    /** What is in memory becomes parts. */
    public void flush() throws StorageFailure {
        while (!head.tryFreeze()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Forgets samples of all series that were written before; what is in memory becomes parts. */
    public void delete(long fromMillis, long toMillis) throws StorageFailure {
        flush();
        store.delete(List.of(List.of()), fromMillis, toMillis, head::frozenUpTo);
    }

    @Override
    public void close() {
        try {
            if (!store.close(Duration.ofSeconds(30))) {
                throw new IllegalStateException("not flushed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while flushing", e);
        }
    }
}

package io.metricstream.server;

import io.metricstream.config.StorageConfig;
import io.metricstream.model.EpochClock;
import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Question;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadReplay;
import io.metricstream.storage.store.Store;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What rehearsed queries are asked of: a store of a few made series on a disk of its own, in memory, most of their samples in
 * a part and the newest in a memtable.
 *
 * <p>Thread: the rehearsal's; questions are for any. Owns: the store and its threads, until {@link #close}. Limits: {@value #SERIES} series with
 * {@value #POINTS} samples each.
 */
@OwnedBy(Role.REHEARSAL)
final class RehearsalStore {
    /** The metrics: one that goes up and down, and one that counts. */
    static final String GAUGE = "rehearsal_usage";

    static final String COUNTER = "rehearsal_total";
    static final int HOSTS = 8;
    static final int INTERVAL_MILLIS = 10_000;
    static final int POINTS = 300;

    private static final int SERIES = 2 * HOSTS;
    private static final int REGIONS = 4;
    private static final int NEWEST_POINTS = 10;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private final Store store;

    private RehearsalStore(Store store) {
        this.store = store;
    }

    /** Makes it, with the newest samples at this time. */
    static RehearsalStore open(StorageConfig config, MeterRegistry registry, NanoClock clock, long endMillis)
            throws StorageFailure {
        var place = new Store.Place(new MemoryDisk(), Path.of("rehearsal"), EpochClock.system(), clock, registry);
        Store store = Store.open(place, config.store());
        var head = new Head(config.head(), store, clock);
        store.start(head, -1, sequence -> {});
        var samples = new HeadReplay(head, -1, new long[] {POINTS - NEWEST_POINTS - 1});
        for (int ref = 0; ref < SERIES; ref++) {
            byte[] key = key(ref);
            samples.onSeries(ref, key, 0, key.length);
        }
        int[] refs = new int[SERIES];
        long[] times = new long[SERIES];
        double[] values = new double[SERIES];
        for (int point = 0; point < POINTS; point++) {
            for (int ref = 0; ref < SERIES; ref++) {
                refs[ref] = ref;
                times[ref] = endMillis - (POINTS - 1L - point) * INTERVAL_MILLIS;
                values[ref] = ref % 2 == 0 ? (point * 37 + ref * 11) % 1000 / 10.0 : point * 1000L + ref;
            }
            samples.onSamples(point, SERIES, refs, times, values);
        }
        samples.finish(POINTS);
        return new RehearsalStore(store);
    }

    private static byte[] key(int ref) {
        int host = ref / 2;
        return SeriesKey.of(
                ref % 2 == 0 ? MetricType.GAUGE : MetricType.COUNTER,
                ref % 2 == 0 ? GAUGE : COUNTER,
                Map.of("host", "host_" + host, "region", "region-" + host % REGIONS, "os", "os-" + host % 3));
    }

    Question ask() {
        return store.ask();
    }

    /** Ends its threads; nothing may be asked any more. */
    void close() throws InterruptedException {
        boolean unused = store.close(STOP_TIMEOUT);
    }
}

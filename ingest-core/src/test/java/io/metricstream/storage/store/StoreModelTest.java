package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random writes in random order, duplicates, deletions, flushes, merges, retention and restarts against a sorted map.
 * {@code -Dmodel.seconds=3600} makes hours of it, {@code -Dseed} repeats a run.
 */
final class StoreModelTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long SECONDS = Long.getLong("model.seconds", 6);
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final Duration RETENTION = Duration.ofDays(20);

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private final AtomicLong now = new AtomicLong(20_000 * DAY);
    private final TreeMap<Labels, TreeMap<Long, Long>> model = new TreeMap<>();
    /** What a write-ahead log would hold: batches by their record's sequence. */
    private final TreeMap<Long, List<Written>> log = new TreeMap<>();

    private final AtomicLong flushed = new AtomicLong(-1);
    private long sequence;
    private Store store;
    private Head head;

    private record Written(Map<String, String> tags, String name, long time, long bits) {}

    @Test
    void answersAsASortedMapWould() throws Exception {
        System.out.println("StoreModelTest: seed=" + SEED);
        open();
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        int steps = 0;
        while (System.nanoTime() < end) {
            step();
            steps++;
        }
        check(Selection.ALL);
        assertThat(store.close(Duration.ofSeconds(30))).isTrue();
        System.out.println("StoreModelTest: steps=" + steps + ", records=" + sequence);
    }

    private void step() throws Exception {
        int dice = random.nextInt(1000);
        if (dice < 700) {
            write();
        } else if (dice < 850) {
            check(randomSelection());
        } else if (dice < 940) {
            freeze();
        } else if (dice < 970) {
            delete();
        } else if (dice < 985) {
            now.addAndGet(random.nextInt((int) (DAY / 2)));
            forgetExpired();
        } else {
            restart();
        }
    }

    private void open() throws StorageFailure {
        var place = new Store.Place(new RealDisk(), folder, now::get, NanoClock.system(), new SimpleMeterRegistry());
        store = Store.open(place, new StoreConfig(RETENTION, 0, 0, false));
        head = new Head(
                new HeadConfig(8 << 20, Duration.ofHours(2), SeriesLimits.of(100_000, 64 << 20)),
                store,
                NanoClock.system());
        store.start(head, flushed.get(), flushed::set);
        head.startAt(flushed.get() + 1);
        long[] cuts = store.deletionSequences();
        for (Map.Entry<Long, List<Written>> record :
                log.tailMap(flushed.get(), false).entrySet()) {
            apply(record.getValue());
            head.onApplied(record.getKey() + 1);
            if (java.util.Arrays.binarySearch(cuts, record.getKey()) >= 0) {
                freeze();
            }
        }
    }

    private void restart() throws Exception {
        if (random.nextBoolean()) {
            freeze();
        }
        assertThat(store.close(Duration.ofSeconds(30))).isTrue();
        open();
        check(Selection.ALL);
    }

    private void freeze() throws StorageFailure {
        while (!head.tryFreeze()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void write() throws StorageFailure {
        var batch = new ArrayList<Written>();
        for (int n = 1 + random.nextInt(200); n > 0; n--) {
            Map<String, String> tags = new TreeMap<>(Map.of("host", "h" + random.nextInt(20)));
            if (random.nextInt(3) == 0) {
                tags.put("zone", "z" + random.nextInt(3));
            }
            batch.add(new Written(tags, "m" + random.nextInt(4), randomTime(), randomBits()));
        }
        log.put(sequence, batch);
        apply(batch);
        head.onApplied(sequence + 1);
        sequence++;
        for (Written sample : batch) {
            model.computeIfAbsent(labels(sample), l -> new TreeMap<>()).put(sample.time(), sample.bits());
        }
    }

    private long randomTime() {
        long ago = random.nextInt(4) == 0 ? random.nextLong(RETENTION.toMillis() - DAY) : random.nextInt(3_600_000);
        return (now.get() - ago) / 1000 * 1000 + (random.nextInt(10) == 0 ? random.nextInt(1000) : 0);
    }

    private long randomBits() {
        return switch (random.nextInt(12)) {
            case 0 -> 0x7ff0000000000002L;
            case 1 -> Double.doubleToRawLongBits(-0.0);
            case 2 -> random.nextLong();
            case 3 -> Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY);
            default -> Double.doubleToRawLongBits(random.nextInt(1000) / 10.0);
        };
    }

    private static Labels labels(Written sample) {
        var all = new TreeMap<>(sample.tags());
        all.put(Labels.NAME, sample.name());
        return Labels.of(all);
    }

    private void apply(List<Written> batch) {
        SeriesTable series = head.series();
        int[] refs = new int[batch.size()];
        long[] times = new long[batch.size()];
        double[] values = new double[batch.size()];
        for (int i = 0; i < refs.length; i++) {
            Written sample = batch.get(i);
            byte[] key = SeriesKey.of(MetricType.GAUGE, sample.name(), sample.tags());
            long hash = SeriesKey.hash(key, 0, key.length);
            int ref = series.find(key, 0, key.length, hash);
            refs[i] = ref >= 0 ? ref : series.add(key, 0, key.length, hash);
            times[i] = sample.time();
            values[i] = Double.longBitsToDouble(sample.bits());
        }
        head.append(refs, times, values, refs.length);
    }

    private void delete() throws StorageFailure {
        freeze();
        long from = now.get() - random.nextInt(7_200_000);
        long to = random.nextBoolean() ? from + random.nextInt(600_000) : Long.MAX_VALUE;
        List<Matcher> matchers = List.of(randomMatcher());
        store.delete(List.of(matchers), from, to, head::frozenUpTo);
        model.forEach((labels, samples) -> {
            if (matchers.stream().allMatch(m -> m.matches(labels.get(m.label())))) {
                samples.subMap(from, true, to, true).clear();
            }
        });
    }

    private void forgetExpired() {
        long earliest = now.get() - RETENTION.toMillis();
        model.values().forEach(samples -> samples.headMap(earliest).clear());
    }

    private Matcher randomMatcher() {
        MatchOp op = List.of(MatchOp.values()).get(random.nextInt(4));
        return switch (random.nextInt(3)) {
            case 0 -> new Matcher("host", op, "h" + random.nextInt(20));
            case 1 -> new Matcher("zone", op, random.nextInt(3) == 0 ? "" : "z" + random.nextInt(3));
            default -> new Matcher(Labels.NAME, op, "m" + random.nextInt(4));
        };
    }

    private Selection randomSelection() {
        long a = randomTime();
        long b = random.nextInt(3) == 0 ? Long.MAX_VALUE : randomTime();
        List<Matcher> matchers =
                random.nextBoolean() ? List.of(randomMatcher()) : List.of(randomMatcher(), randomMatcher());
        return new Selection(matchers, Math.min(a, b), Math.max(a, b));
    }

    private void check(Selection selection) throws StorageFailure {
        var wanted = new TreeMap<Labels, TreeMap<Long, Long>>();
        model.forEach((labels, samples) -> {
            var in = new TreeMap<>(samples.subMap(selection.fromMillis(), true, selection.toMillis(), true));
            if (!in.isEmpty() && selection.matchers().stream().allMatch(m -> m.matches(labels.get(m.label())))) {
                wanted.put(labels, in);
            }
        });
        var found = new TreeMap<Labels, TreeMap<Long, Long>>();
        Labels before = null;
        try (SeriesCursor cursor = store.select(selection)) {
            while (cursor.next()) {
                assertThat(before == null || before.compareTo(cursor.labels()) < 0)
                        .isTrue();
                before = cursor.labels();
                var samples = new TreeMap<Long, Long>();
                SampleRuns runs = cursor.samples();
                if (random.nextInt(4) == 0) {
                    for (int left = random.nextInt(3); left > 0 && runs.next(); left--) {
                        assertThat(runs.values().length).isPositive();
                    }
                    runs = cursor.samples();
                }
                while (runs.next()) {
                    for (int i = 0; i < runs.count(); i++) {
                        samples.put(runs.timestampsMillis()[i], Double.doubleToRawLongBits(runs.values()[i]));
                    }
                }
                found.put(before, samples);
            }
        }
        if (!found.equals(wanted)) {
            assertThat(found).as("seed=%d, %s", SEED, selection).isEqualTo(wanted);
        }
        assertThat(store.labelNames(selection, 100))
                .containsAll(wanted.isEmpty() ? List.of() : List.of(Labels.NAME, "host"));
    }
}

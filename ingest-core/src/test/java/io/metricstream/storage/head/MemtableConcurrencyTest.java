package io.metricstream.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/**
 * Readers beside a writer that appends, adds series and freezes, while flushed memtables give their pages to new ones. The
 * n-th sample of a series has time n, so a reader can tell what it must see, and whatever else it sees was invented.
 */
final class MemtableConcurrencyTest {
    private static final int SERIES = 200;
    private static final int READERS = 3;
    private static final int RECORDS = 40_000;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final FrozenList sink = new FrozenList();
    private final HeadConfig config = new HeadConfig(2 << 20, Duration.ofHours(2), SeriesLimits.NONE);
    private final Head head = new Head(config, sink, System::nanoTime);
    /** How many samples of each series were acknowledged, and how many were flushed, so that they need not be seen. */
    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(SERIES);

    private final AtomicIntegerArray flushed = new AtomicIntegerArray(SERIES);
    private final AtomicBoolean done = new AtomicBoolean();

    private static byte[] key(int series) {
        return SeriesKey.of(MetricType.GAUGE, "x", Map.of("n", String.valueOf(series)));
    }

    private static double valueOf(int series, long time) {
        return series * 1e9 + time;
    }

    private void write() throws Exception {
        var random = new Random(seed);
        int[] frozenCounts = new int[SERIES];
        int[] counts = new int[SERIES];
        head.startAt(0);
        for (int record = 0; record < RECORDS; record++) {
            int samples = 1 + random.nextInt(40);
            int[] refs = new int[samples];
            long[] times = new long[samples];
            double[] values = new double[samples];
            int[] series = new int[samples];
            for (int i = 0; i < samples; i++) {
                series[i] = random.nextInt(1 + Math.min(SERIES - 1, record / 50));
                byte[] key = key(series[i]);
                long hash = SeriesKey.hash(key, 0, key.length);
                int ref = head.series().find(key, 0, key.length, hash);
                refs[i] = ref >= 0 ? ref : head.series().add(key, 0, key.length, hash);
                times[i] = counts[series[i]]++;
                values[i] = valueOf(series[i], times[i]);
            }
            head.append(refs, times, values, samples);
            boolean frozen = head.onApplied(record + 1);
            for (int s : series) {
                acknowledged.set(s, counts[s]);
            }
            if (frozen) {
                System.arraycopy(counts, 0, frozenCounts, 0, SERIES);
                for (int s = 0; s < SERIES; s++) {
                    flushed.set(s, frozenCounts[s]);
                }
                sink.flushOldest(head);
            }
        }
    }

    /** Reads until the writer is through; returns how many samples it looked at. */
    private long read(int reader) throws Exception {
        var random = new Random(seed + reader + 1);
        long seen = 0;
        while (!done.get()) {
            boolean one = random.nextBoolean();
            int wanted = random.nextInt(SERIES);
            var selection = new Selection(
                    one ? List.of(Matcher.equal("n", String.valueOf(wanted))) : List.of(),
                    Long.MIN_VALUE,
                    Long.MAX_VALUE);
            int[] atLeast = new int[SERIES];
            for (int s = 0; s < SERIES; s++) {
                atLeast[s] = acknowledged.get(s);
            }
            int[] last = new int[SERIES];
            int[] first = new int[SERIES];
            java.util.Arrays.fill(first, Integer.MAX_VALUE);
            try (HeadSnapshot snapshot = head.acquire()) {
                for (var memtable : snapshot.memtables()) {
                    seen += look(memtable, selection, first, last);
                }
            }
            for (int s = 0; s < SERIES; s++) {
                if (!one || s == wanted) {
                    boolean gone = flushed.get(s) >= atLeast[s];
                    assertThat(last[s] >= atLeast[s] || gone)
                            .as(
                                    "series %d: acknowledged=%d, seen up to=%d, flushed=%d",
                                    s, atLeast[s], last[s], flushed.get(s))
                            .isTrue();
                }
            }
        }
        return seen;
    }

    private static long look(Memtable memtable, Selection selection, int[] first, int[] last) throws Exception {
        long seen = 0;
        try (SeriesCursor cursor = memtable.select(selection)) {
            while (cursor.next()) {
                int series = Integer.parseInt(cursor.labels().get("n"));
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    long[] times = runs.timestampsMillis();
                    for (int i = 0; i < runs.count(); i++) {
                        if (runs.values()[i] != valueOf(series, times[i]) || (i > 0 && times[i] != times[i - 1] + 1)) {
                            throw new AssertionError("invented: series=" + series + ", time=" + times[i] + ", value="
                                    + runs.values()[i] + ", before=" + (i > 0 ? times[i - 1] : -1));
                        }
                    }
                    seen += runs.count();
                    first[series] = (int) Math.min(first[series], times[0]);
                    last[series] = (int) Math.max(last[series], times[runs.count() - 1] + 1);
                }
            }
        }
        return seen;
    }

    @Test
    void readersSeeWhatWasAcknowledgedAndNothingElse() throws Exception {
        System.out.println("MemtableConcurrencyTest: -Dseed=" + seed);
        ExecutorService threads = Executors.newFixedThreadPool(READERS + 1);
        try {
            Future<?> writer = threads.submit((Callable<Object>) () -> {
                try {
                    write();
                    return "";
                } finally {
                    done.set(true);
                }
            });
            var readers = new ArrayList<Future<Long>>();
            for (int i = 0; i < READERS; i++) {
                int reader = i;
                readers.add(threads.submit(() -> read(reader)));
            }
            writer.get();
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}

package io.metricstream.storage.head;

import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds for one sample of a known series: appended in requests of a thousand, with the freezes that follow from
 * it, and read back in label order.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Thread)
public class MemtableBenchmark {
    private static final int SAMPLES = 1000;
    private static final int READ_STEPS = 100;

    @Param({"10000", "1000000"})
    public int series;

    /** Whether samples come series by series, as from a fleet in a steady order, or at random. */
    @Param({"true", "false"})
    public boolean steady;

    private final List<int[]> requests = new ArrayList<>();
    private final long[] timestampsMillis = new long[SAMPLES];
    private final double[] values = new double[SAMPLES];
    private final Flushed flushed = new Flushed();
    private Head head;
    private long sequence;
    private int request;
    private Memtable toRead;

    /** Lets go of every memtable as soon as it is frozen. */
    private static final class Flushed implements MemtableSink {
        private @Nullable Memtable frozen;

        @Override
        public boolean canTake() {
            return true;
        }

        @Override
        public void onFrozen(Memtable memtable) {
            frozen = memtable;
        }
    }

    @Setup
    public void fill() {
        head = new Head(new HeadConfig(256 << 20, Duration.ofDays(1), SeriesLimits.NONE), flushed, NanoClock.system());
        head.startAt(0);
        var order = new ArrayList<Integer>();
        for (int ref = 0; ref < series; ref++) {
            byte[] key = SeriesKey.of(
                    MetricType.GAUGE,
                    "cpu_" + ref % 10,
                    Map.of("host", "host_" + ref / 10, "region", "region-" + ref % 7, "datacenter", "datacenter-1"));
            head.series().add(key, 0, key.length, SeriesKey.hash(key, 0, key.length));
            order.add(ref);
        }
        var random = new Random(1);
        if (!steady) {
            Collections.shuffle(order, random);
        }
        for (int i = 0; i < order.size(); i += SAMPLES) {
            requests.add(order.subList(i, i + SAMPLES).stream().mapToInt(r -> r).toArray());
        }
        for (int i = 0; i < SAMPLES; i++) {
            values[i] = random.nextInt(1000) / 10.0;
        }
        toRead = new Memtable(new HeadIndex(head.series()), new PagePool(0), 0);
        for (int step = 0; step < READ_STEPS * 10_000 / series; step++) {
            for (int[] refs : requests) {
                timestampsMillis[0] = step;
                toRead.append(refs, timestampsMillis, values, SAMPLES, ref -> {});
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public void append() throws StorageFailure {
        java.util.Arrays.fill(timestampsMillis, sequence * 10_000 / requests.size());
        head.append(requests.get(request), timestampsMillis, values, SAMPLES);
        if (head.onApplied(++sequence)) {
            head.onFlushed(java.util.Objects.requireNonNull(flushed.frozen));
        }
        request = request + 1 < requests.size() ? request + 1 : 0;
    }

    /** All samples of a memtable of a million, as the flusher reads them. */
    @Benchmark
    @OperationsPerInvocation(READ_STEPS * 10_000)
    public long read() throws StorageFailure {
        long count = 0;
        try (SeriesCursor cursor = toRead.select(Selection.ALL)) {
            while (cursor.next()) {
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    count += runs.count();
                }
            }
        }
        return count;
    }
}

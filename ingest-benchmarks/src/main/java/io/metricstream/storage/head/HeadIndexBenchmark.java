package io.metricstream.storage.head;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Matcher;
import io.metricstream.select.Selection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Finding series among a million in memory, and taking that million in. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Thread)
public class HeadIndexBenchmark {
    private static final int HOSTS = 100_000;
    private static final int METRICS = 10;

    private final SeriesTable series = new SeriesTable(SeriesLimits.of(Integer.MAX_VALUE, Long.MAX_VALUE));
    private final HeadIndex index = new HeadIndex(series);
    private int host;

    @Setup
    public void fill() {
        var random = new Random(1);
        for (int h = 0; h < HOSTS; h++) {
            Map<String, String> tags = Map.of(
                    "host", "host_" + h,
                    "region", "region-" + random.nextInt(8),
                    "datacenter", "datacenter-" + random.nextInt(8),
                    "os", "os-" + random.nextInt(8));
            for (int m = 0; m < METRICS; m++) {
                byte[] key = SeriesKey.of(MetricType.GAUGE, "cpu_" + m, tags);
                series.add(key, 0, key.length, SeriesKey.hash(key, 0, key.length));
            }
        }
        index.select(Selection.ALL, ref -> true);
        System.out.printf("table=%d MB, index=%d MB%n", series.bytes() >> 20, index.bytes() >> 20);
    }

    @Benchmark
    public int[] oneSeries() {
        host = host + 1 < HOSTS ? host + 1 : 0;
        return index.select(
                Selection.ofAnyTime(
                        List.of(Matcher.equal(Labels.NAME, "cpu_3"), Matcher.equal("host", "host_" + host))),
                ref -> true);
    }

    @Benchmark
    public int[] oneMetric() {
        return index.select(Selection.ofAnyTime(List.of(Matcher.equal(Labels.NAME, "cpu_3"))), ref -> true);
    }

    @Benchmark
    public List<String> valuesOfHost() {
        return index.labelValues("host", Selection.ALL, ref -> true, HOSTS);
    }

    /** All of it from nothing. */
    @Benchmark
    public long takeIn() {
        var fresh = new HeadIndex(series);
        return fresh.labelNames(Selection.ALL, ref -> true, 1).size();
    }

    @Benchmark
    public long takeInAndSort() {
        var fresh = new HeadIndex(series);
        return fresh.select(Selection.ALL, ref -> true).length;
    }
}

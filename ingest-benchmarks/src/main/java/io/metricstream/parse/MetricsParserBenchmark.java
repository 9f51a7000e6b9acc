package io.metricstream.parse;

import io.metricstream.model.EpochClock;
import io.metricstream.model.SampleBatch;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
 * Nanoseconds a sample: bodies of 1000 metrics out of 10,000 series of a fleet, in the order in which the fleet reports,
 * with new values each time around. With {@code -prof gc} also bytes a sample.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class MetricsParserBenchmark {
    private static final int HOSTS = 1000;
    private static final int METRICS_PER_HOST = 10;
    private static final int SAMPLES_PER_BODY = 1000;
    private static final int STEPS = 4;
    private static final long NOW_MILLIS = 1_795_482_990_000L;

    /** What may be remembered: nothing leaves all to Jackson. */
    @Param({"0", "33554432"})
    public long memoryBytes;

    private final byte[][] bodies = new byte[STEPS * HOSTS * METRICS_PER_HOST / SAMPLES_PER_BODY][];
    private final SampleBatch batch = new SampleBatch();
    private final ParseReport report = new ParseReport();
    private final ParseTrail trail = new ParseTrail();
    private MetricsParser parser;
    private int next;

    @Setup
    public void open() {
        Random random = new Random(1);
        int hostsPerBody = SAMPLES_PER_BODY / METRICS_PER_HOST;
        for (int i = 0; i < bodies.length; i++) {
            int step = i * hostsPerBody / HOSTS;
            bodies[i] = body(random, i * hostsPerBody % HOSTS, hostsPerBody, NOW_MILLIS + step * 10_000L);
        }
        SeriesTable series = new SeriesTable(SeriesLimits.of(1 << 20, 1 << 28));
        EpochClock clock = () -> NOW_MILLIS;
        parser = new MetricsParser(ParseLimits.DEFAULT, () -> series, clock, memoryBytes);
        for (byte[] body : bodies) {
            parser.parse(body, 0, body.length, BodyFormat.JSON, trail, batch, report);
            for (int i = 0; i < batch.newSeriesCount(); i++) {
                series.add(
                        batch.newSeriesKeys(),
                        batch.newSeriesOffset(i),
                        batch.newSeriesLength(i),
                        batch.newSeriesHash(i));
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(SAMPLES_PER_BODY)
    public int json() {
        byte[] body = bodies[next];
        next = next + 1 == bodies.length ? 0 : next + 1;
        boolean parsed = parser.parse(body, 0, body.length, BodyFormat.JSON, trail, batch, report);
        if (!parsed || batch.count() != SAMPLES_PER_BODY || batch.newSeriesCount() != 0) {
            throw new IllegalStateException("not what was to be measured: count=" + batch.count());
        }
        return batch.refs()[0];
    }

    private static byte[] body(Random random, int firstHost, int hosts, long timeMillis) {
        StringBuilder json = new StringBuilder("{\"metrics\":[");
        for (int host = firstHost; host < firstHost + hosts; host++) {
            for (int metric = 0; metric < METRICS_PER_HOST; metric++) {
                json.append(host == firstHost && metric == 0 ? "" : ",");
                json.append("{\"name\":\"metric_").append(metric).append("_of_the_fleet\",\"value\":");
                if (metric < 8) {
                    json.append(random.nextInt(1000) / 10.0);
                } else {
                    json.append(random.nextDouble());
                }
                json.append(",\"type\":\"gauge\",\"timestamp\":").append(timeMillis);
                json.append(",\"tags\":{\"host\":\"host_").append(host).append("\",\"region\":\"region-");
                json.append(host % 8).append("\",\"datacenter\":\"datacenter-").append(host % 7);
                json.append("\",\"os\":\"os-").append(host % 5).append("\"}}");
            }
        }
        return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }
}

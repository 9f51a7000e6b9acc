package io.metricstream.storage.part;

import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds for one sample of a part of 10,000 series with 300 samples each that is in the page cache. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class PartScanBenchmark {
    private static final int HOSTS = 1000;
    private static final int SAMPLES_OF_EACH = 300;
    private static final int SAMPLES = HOSTS * MadeSeries.METRICS * SAMPLES_OF_EACH;

    private MadePart made;

    @Setup
    public void write() throws IOException, StorageFailure {
        made = new MadePart(HOSTS, SAMPLES_OF_EACH);
    }

    @TearDown
    public void delete() throws IOException {
        made.close();
    }

    /** Every time and every value. */
    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public double samples() throws StorageFailure {
        double sum = 0;
        long count = 0;
        try (SeriesCursor cursor = made.part.select(Selection.ALL)) {
            while (cursor.next()) {
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    long[] times = runs.timestampsMillis();
                    double[] values = runs.values();
                    sum += values[0] + times[runs.count() - 1];
                    count += runs.count();
                }
            }
        }
        expect(count);
        return sum;
    }

    /** The greatest value of each series, from the summaries. */
    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public double summaries() throws StorageFailure {
        double sum = 0;
        long count = 0;
        try (SeriesCursor cursor = made.part.select(Selection.ALL)) {
            while (cursor.next()) {
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    if (runs.isSummarized()) {
                        sum += runs.max();
                        count += runs.count();
                    }
                }
            }
        }
        expect(count);
        return sum;
    }

    private static void expect(long count) {
        if (count != SAMPLES) {
            throw new IllegalStateException("found " + count + " samples, wanted " + SAMPLES);
        }
    }
}

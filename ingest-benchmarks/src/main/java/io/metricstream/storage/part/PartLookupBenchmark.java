package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Microseconds for one series, any of 1,000,000 with 4 samples each, in a part that is in the page cache. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@State(Scope.Thread)
public class PartLookupBenchmark {
    private static final int HOSTS = 100_000;
    private static final int SAMPLES_OF_EACH = 4;

    private final Random random = new Random(1);
    private MadePart made;

    @Setup
    public void write() throws IOException, StorageFailure {
        made = new MadePart(HOSTS, SAMPLES_OF_EACH);
    }

    @TearDown
    public void delete() throws IOException {
        made.close();
    }

    /** The series' key only. */
    @Benchmark
    public int key() throws StorageFailure {
        try (SeriesCursor cursor = made.part.select(anySeries())) {
            expect(cursor.next());
            return cursor.keyLength();
        }
    }

    /** The series with its samples. */
    @Benchmark
    public double samples() throws StorageFailure {
        try (SeriesCursor cursor = made.part.select(anySeries())) {
            expect(cursor.next());
            SampleRuns runs = cursor.samples();
            expect(runs.next());
            return runs.values()[0] + runs.timestampsMillis()[0];
        }
    }

    private Selection anySeries() {
        return new Selection(
                List.of(
                        Matcher.equal(Labels.NAME, "cpu_load1"),
                        Matcher.equal("host", "host_" + random.nextInt(HOSTS))),
                Long.MIN_VALUE,
                Long.MAX_VALUE);
    }

    private static void expect(boolean found) {
        if (!found) {
            throw new IllegalStateException("a series is not found");
        }
    }
}

package io.metricstream.storage.part;

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

/** Nanoseconds for one series of a part of a million with four samples each; making up the samples takes part of it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class PartWriteBenchmark {
    private static final int HOSTS = 100_000;
    private static final int SAMPLES_OF_EACH = 4;

    private MadePart made;

    @Setup
    public void write() throws IOException, StorageFailure {
        made = new MadePart(HOSTS, SAMPLES_OF_EACH);
    }

    @TearDown
    public void delete() throws IOException {
        made.close();
    }

    @Benchmark
    @OperationsPerInvocation(HOSTS * MadeSeries.METRICS)
    public PartSummary series() throws StorageFailure {
        return made.write();
    }
}

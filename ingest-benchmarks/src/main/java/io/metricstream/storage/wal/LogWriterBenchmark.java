package io.metricstream.storage.wal;

import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKeys;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Microseconds for one group: so many requests appended and one commit, on the file system of the temporary folder
 * ({@code -Djava.io.tmpdir} says which).
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class LogWriterBenchmark {
    private static final int SERIES = 10_000;

    @Param({"FSYNC", "OS", "MEMORY"})
    public Durability durability;

    @Param({"1", "16"})
    public int requestsPerGroup;

    @Param({"10", "1000"})
    public int samplesPerRequest;

    private final Random random = new Random(1);
    private int[] refs;
    private long[] timestampsMillis;
    private double[] values;
    private Path folder;
    private Wal log;

    /** A new folder for each iteration, so that the disk does not fill. */
    @Setup(Level.Iteration)
    public void open() throws IOException, StorageFailure {
        folder = Files.createTempDirectory("log-writer");
        log = new WalRecovery(new RealDisk(), folder, LogRetention.open(new RealDisk(), folder))
                .open(
                        new WalConfig(durability, WalConfig.DEFAULT_SEGMENT_BYTES, 0),
                        new Nothing(),
                        (done, total) -> {},
                        Executors.newSingleThreadExecutor(),
                        NanoClock.system())
                .log();
        log.releaseOwner();
        refs = new int[samplesPerRequest];
        timestampsMillis = new long[samplesPerRequest];
        values = new double[samplesPerRequest];
        for (int i = 0; i < samplesPerRequest; i++) {
            refs[i] = i % SERIES;
            timestampsMillis[i] = 1_795_482_990_000L;
            values[i] = random.nextInt(1000) / 10.0;
        }
        for (int ref = 0; ref < SERIES; ref++) {
            byte[] key = ("series-" + ref).getBytes(StandardCharsets.UTF_8);
            log.appendSeries(ref, key, 0, key.length);
        }
        log.commit();
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException, StorageFailure {
        log.close();
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> inside = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : inside) {
                Files.delete(path);
            }
        }
    }

    @Benchmark
    public void group() throws StorageFailure {
        for (int i = 0; i < requestsPerGroup; i++) {
            log.appendSamples(SeriesKeys.NONE, refs, timestampsMillis, values, samplesPerRequest);
        }
        log.commit();
    }

    private static final class Nothing implements WalReplay {
        @Override
        public void onSeries(int ref, byte[] key, int offset, int length) {
            // Nothing is there yet.
        }

        @Override
        public void onSamples(long sequence, int count, int[] refs, long[] timestampsMillis, double[] values) {
            // Nothing is there yet.
        }
    }
}

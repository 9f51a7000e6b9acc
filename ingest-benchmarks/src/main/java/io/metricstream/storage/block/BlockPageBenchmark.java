package io.metricstream.storage.block;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Nanoseconds for one sample, encoded and decoded page by page; 300 samples a block. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class BlockPageBenchmark {
    private static final int BLOCKS = 400;
    private static final int SAMPLES_OF_EACH = 300;
    private static final int SAMPLES = BLOCKS * SAMPLES_OF_EACH;

    /** What the values are: a tenth's walk, a counter, small integers that seldom change, a walk of full precision, any bits. */
    @Param({"decimals", "counter", "integers", "precise", "noise"})
    public String values;

    private final Random random = new Random(1);
    private final BlockPageWriter writer = new BlockPageWriter();
    private final Unsqueezer unsqueezer = new Unsqueezer();
    private final BlockPageReader reader = new BlockPageReader(unsqueezer);
    private final PackedOutput page = new PackedOutput();
    private final long[] times = new long[SAMPLES_OF_EACH];
    private final double[][] columns = new double[BLOCKS][SAMPLES_OF_EACH];
    private final List<byte[]> pages = new ArrayList<>();

    @Setup
    public void make() {
        Arrays.setAll(times, i -> 1_795_482_990_000L + 10_000L * i);
        for (double[] column : columns) {
            double value = random.nextInt(500);
            for (int i = 0; i < SAMPLES_OF_EACH; i++) {
                value = switch (values) {
                    case "decimals" -> Math.round((value + random.nextGaussian()) * 10) / 10.0;
                    case "counter" -> value + random.nextInt(10_000);
                    case "integers" -> value + (random.nextInt(10) == 0 ? random.nextInt(7) - 3 : 0);
                    case "precise" -> value + random.nextGaussian() * 0.5;
                    default -> Double.longBitsToDouble(random.nextLong());
                };
                column[i] = value;
            }
        }
        writePages(true);
        long bytes = 0;
        for (byte[] some : pages) {
            bytes += some.length;
        }
        System.out.printf("%n%.3f bytes a sample%n", (double) bytes / SAMPLES);
    }

    @TearDown
    public void close() {
        writer.close();
        unsqueezer.close();
    }

    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public int encode() {
        return writePages(false);
    }

    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public void decode(Blackhole into) throws BlockFormatException {
        int count = 0;
        for (byte[] some : pages) {
            reader.open(some, 0, some.length - BlockPageReader.SLACK_BYTES);
            for (int block = 0; block < reader.blocks(); block++) {
                into.consume(reader.timestampsMillis(block));
                into.consume(reader.values(block));
                count += reader.count(block);
            }
        }
        if (count != SAMPLES) {
            throw new IllegalStateException("found " + count + " samples, wanted " + SAMPLES);
        }
    }

    private int writePages(boolean keep) {
        int bytes = 0;
        for (int i = 0; i < BLOCKS; i++) {
            writer.add(times, columns[i], SAMPLES_OF_EACH);
            if (writer.isFull() || i == BLOCKS - 1) {
                page.clear();
                writer.finish(page);
                bytes += page.length();
                if (keep) {
                    pages.add(Arrays.copyOf(page.bytes(), page.length() + BlockPageReader.SLACK_BYTES));
                }
            }
        }
        return bytes;
    }
}

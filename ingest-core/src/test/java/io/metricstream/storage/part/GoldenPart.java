package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.ListedSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/**
 * Makes the part that is kept as src/test/resources/format/part-v1.part. The file was made once, with {@link #main}, and is
 * never made again: where today's writer makes other bytes, the format has changed and needs a new version, and a new file
 * beside this one. A newer zstd may squeeze to other bytes, which is no change of the format; only {@code
 * writesTheGoldenPartToday} may be put right then.
 */
final class GoldenPart {
    static final String NAME = "part-v1.part";
    static final PartHeader.Origin ORIGIN =
            new PartHeader.Origin(-86_400_000, 86_400_000, 1_000_000, 0x0123456789abcdefL, 42);
    private static final Path FOLDER = Path.of("data");
    private static final long START = 1_763_900_000_000L;

    private GoldenPart() {}

    /** Writes the file into this folder; refuses where it is there. */
    public static void main(String[] args) throws StorageFailure, IOException {
        Files.write(Path.of(args[0]).resolve(NAME), bytes(), StandardOpenOption.CREATE_NEW);
    }

    static byte[] bytes() throws StorageFailure {
        var disk = new CrashingDisk(FOLDER);
        Path path = FOLDER.resolve("golden.part");
        PartWriter.write(disk, path, ORIGIN, new ListedSeries(series(), new Random(1)));
        return disk.read(path);
    }

    /** A value at a place; with it the series below are told. */
    private interface Values {
        double at(int i);
    }

    private static NavigableMap<Long, Double> samples(int count, long stepMillis, Values values) {
        var samples = new TreeMap<Long, Double>();
        for (int i = 0; i < count; i++) {
            samples.put(START + i * stepMillis, values.at(i));
        }
        return samples;
    }

    /** Every order of column, exponents, patches, exceptions, summaries of each kind, a series of several blocks, a bitmap. */
    static NavigableMap<Labels, NavigableMap<Long, Double>> series() {
        var random = new Random(1);
        var all = new TreeMap<Labels, NavigableMap<Long, Double>>();
        all.put(Labels.of(Labels.NAME, "counter"), samples(5000, 15_000, i -> 1e6 + 250.0 * i));
        all.put(
                Labels.of(Labels.NAME, "decimals"),
                samples(200, 10_000, i -> Math.round(250 + 90 * Math.sin(i)) / 10.0));
        all.put(
                Labels.of(Labels.NAME, "gaps"),
                samples(100, 10_000, i -> i % 30 == 29 ? Double.longBitsToDouble(0x7ff0000000000002L) : i % 7 / 4.0));
        all.put(Labels.of(Labels.NAME, "curve"), samples(80, 1, i -> (double) i * i * i));
        all.put(Labels.of(Labels.NAME, "jumps"), samples(150, 10_000, i -> i % 40 == 20 ? 1e9 : i % 3));
        all.put(Labels.of(Labels.NAME, "multiples"), samples(90, 10_000, i -> 4096.0 * random.nextInt(100_000)));
        all.put(Labels.of(Labels.NAME, "precise"), samples(300, 10_000, i -> random.nextDouble()));
        var irregular = new TreeMap<Long, Double>();
        for (int i = 0; i < 120; i++) {
            irregular.put(START + i * 10_000L + random.nextInt(900) + (i > 60 ? 86_400_000L : 0), (double)
                    Math.floorDiv(i, 50));
        }
        all.put(Labels.of(Labels.NAME, "irregular"), irregular);
        var special = new TreeMap<Long, Double>();
        special.put(Long.MIN_VALUE, Double.longBitsToDouble(0xfff8000000000abcL));
        special.put(-1L, -0.0);
        special.put(0L, Double.MIN_VALUE);
        special.put(1L, Double.NEGATIVE_INFINITY);
        special.put(Long.MAX_VALUE, Double.MAX_VALUE);
        all.put(Labels.of(Labels.NAME, "special"), special);
        for (int host = 0; host < 40; host++) {
            int value = host;
            all.put(
                    Labels.of(Labels.NAME, "up", "host", "host-" + host, "stra\u00dfe", "K\u00f6nigsallee"),
                    samples(1 + host % 3, 10_000, i -> value));
        }
        return all;
    }
}

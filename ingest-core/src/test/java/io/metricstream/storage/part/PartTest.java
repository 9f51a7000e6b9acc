package io.metricstream.storage.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.Labels;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.ListedSeries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts on the real disk, against maps. */
final class PartTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final PartHeader.Origin ORIGIN = new PartHeader.Origin(-86_400_000, 86_400_000, 3, 17, 2);
    private static final List<String> EXPRESSIONS = List.of(
            "", "h1", "h1.*", "h1|h2", "(h3|z2)", "h[0-4]+", ".*5", ".+", "h1?", "z(1|2)", "x\\.y|h7", "h2{2}", "a|");

    static {
        System.out.println("PartTest: seed=" + SEED);
    }

    @TempDir
    private Path folder;

    private final RealDisk disk = new RealDisk();
    private final Random random = new Random(SEED);

    private NavigableMap<Labels, NavigableMap<Long, Double>> randomSeries(int series, int most) {
        var all = new TreeMap<Labels, NavigableMap<Long, Double>>();
        for (int i = 0; i < series; i++) {
            var samples = new TreeMap<Long, Double>();
            for (int n = 1 + random.nextInt(most); n > 0; n--) {
                samples.put(random.nextInt(2000) * 1000L - 1_000_000, randomValue());
            }
            var labels = new TreeMap<String, String>();
            labels.put(Labels.NAME, "m" + random.nextInt(5));
            labels.put("host", "h" + random.nextInt(60));
            if (random.nextInt(3) > 0) {
                labels.put("zone", random.nextInt(9) == 0 ? "x.y" : "z" + random.nextInt(4));
            }
            all.put(Labels.of(labels), samples);
        }
        return all;
    }

    private double randomValue() {
        return switch (random.nextInt(8)) {
            case 0 -> Double.longBitsToDouble(0x7ff0000000000002L);
            case 1 -> -0.0;
            case 2 -> Double.longBitsToDouble(random.nextLong());
            default -> random.nextInt(5000) / 10.0;
        };
    }

    private Path write(NavigableMap<Labels, NavigableMap<Long, Double>> series) throws StorageFailure {
        Path path = folder.resolve("a.part");
        PartSummary written = PartWriter.write(disk, path, ORIGIN, new ListedSeries(series, random));
        assertThat(written.series()).isEqualTo(series.size());
        assertThat(written.samples())
                .isEqualTo(
                        series.values().stream().mapToLong(NavigableMap::size).sum());
        return path;
    }

    private static NavigableMap<Labels, NavigableMap<Long, Long>> bits(
            NavigableMap<Labels, NavigableMap<Long, Double>> series) {
        var all = new TreeMap<Labels, NavigableMap<Long, Long>>();
        series.forEach((labels, samples) -> {
            var some = new TreeMap<Long, Long>();
            samples.forEach((time, value) -> some.put(time, Double.doubleToRawLongBits(value)));
            all.put(labels, some);
        });
        return all;
    }

    private static NavigableMap<Labels, NavigableMap<Long, Long>> read(SeriesCursor cursor) throws StorageFailure {
        var all = new TreeMap<Labels, NavigableMap<Long, Long>>();
        try (cursor) {
            while (cursor.next()) {
                var samples = new TreeMap<Long, Long>();
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    checkSummary(runs);
                    for (int i = 0; i < runs.count(); i++) {
                        samples.put(runs.timestampsMillis()[i], Double.doubleToRawLongBits(runs.values()[i]));
                    }
                }
                assertThat(samples).isNotEmpty();
                all.put(cursor.labels(), samples);
            }
        }
        return all;
    }

    private static void checkSummary(SampleRuns runs) throws StorageFailure {
        if (runs.isSummarized()) {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < runs.count(); i++) {
                least = Math.min(least, runs.values()[i]);
                most = Math.max(most, runs.values()[i]);
            }
            assertThat(runs.min()).isEqualTo(least);
            assertThat(runs.max()).isEqualTo(most);
        }
    }

    @Test
    void answersEverySelectionAsMapsWould() throws StorageFailure {
        for (int round = 0; round < 12; round++) {
            NavigableMap<Labels, NavigableMap<Long, Double>> series = randomSeries(1 + random.nextInt(400), 60);
            Path path = write(series);
            assertThat(PartVerifier.verify(disk, path)).isEmpty();
            try (Part part = Part.open(disk, path)) {
                assertThat(part.header().origin()).isEqualTo(ORIGIN);
                assertThat(read(part.select(Selection.ALL))).isEqualTo(bits(series));
                for (int i = 0; i < 60; i++) {
                    checkSelection(part, series);
                }
            }
        }
    }

    private void checkSelection(Part part, NavigableMap<Labels, NavigableMap<Long, Double>> series)
            throws StorageFailure {
        var matchers = new ArrayList<Matcher>();
        for (int n = random.nextInt(3); n >= 0; n--) {
            String label = List.of("host", "zone", Labels.NAME, "none").get(random.nextInt(4));
            MatchOp op = List.of(MatchOp.values()).get(random.nextInt(4));
            matchers.add(new Matcher(label, op, EXPRESSIONS.get(random.nextInt(EXPRESSIONS.size()))));
        }
        long a = random.nextInt(2000) * 1000L - 1_000_000;
        long b = random.nextBoolean() ? a : random.nextInt(2000) * 1000L - 1_000_000;
        var selection = new Selection(matchers, Math.min(a, b), Math.max(a, b));
        var wanted = new TreeMap<Labels, NavigableMap<Long, Double>>();
        var names = new java.util.TreeSet<String>();
        var hosts = new java.util.TreeSet<String>();
        series.forEach((labels, samples) -> {
            if (matchers.stream().allMatch(m -> m.matches(labels.get(m.label())))) {
                var inside = samples.subMap(selection.fromMillis(), true, selection.toMillis(), true);
                if (!inside.isEmpty()) {
                    wanted.put(labels, inside);
                }
                for (int i = 0; i < labels.size(); i++) {
                    names.add(labels.name(i));
                }
                hosts.add(labels.get("host"));
            }
        });
        assertThat(read(part.select(selection))).as("%s", selection).isEqualTo(bits(wanted));
        assertThat(part.labelNames(selection, 100)).containsExactlyElementsOf(names);
        assertThat(part.labelValues("host", selection, 100)).containsExactlyElementsOf(hosts);
        assertThat(part.labelValues("host", selection, 2)).hasSize(Math.min(2, hosts.size()));
    }

    @Test
    void holdsManySeriesOfManyPagesAndTimesAtTheEnds() throws StorageFailure {
        var series = new TreeMap<Labels, NavigableMap<Long, Double>>();
        for (int i = 0; i < 5000; i++) {
            series.put(
                    Labels.of(Labels.NAME, "m", "host", "host-" + i, "region", "r" + i % 3),
                    new TreeMap<>(java.util.Map.of(Long.MIN_VALUE, 1.0, (long) i, 2.0, Long.MAX_VALUE, 3.0)));
        }
        var longOne = new TreeMap<Long, Double>();
        for (int i = 0; i < 20_000; i++) {
            longOne.put(i * 10L, (double) random.nextInt(100));
        }
        series.put(Labels.of(Labels.NAME, "long"), longOne);
        try (Part part = Part.open(disk, write(series))) {
            assertThat(read(part.select(Selection.ALL))).isEqualTo(bits(series));
            var one = new Selection(List.of(Matcher.equal("host", "host-4321")), 0, 5000);
            assertThat(read(part.select(one)).values()).hasSize(1);
            assertThat(read(part.select(new Selection(List.of(Matcher.equal("region", "r1")), 0, 5000))))
                    .hasSize(1667);
            try (PartCounts counts = part.counts()) {
                assertThat(counts.nextLabel()).isTrue();
                assertThat(counts.label()).isEqualTo(Labels.NAME);
                assertThat(counts.values()).isEqualTo(2);
            }
        }
    }

    @Test
    void makesNoFileOfNoSamples() throws StorageFailure {
        Path path = folder.resolve("a.part");
        PartSummary written = PartWriter.write(disk, path, ORIGIN, new ListedSeries(new TreeMap<>(), random));
        assertThat(written.samples()).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void neverInventsASampleWhateverByteIsFlippedOrWhereverTheFileIsCut() throws Exception {
        NavigableMap<Labels, NavigableMap<Long, Double>> series = randomSeries(6, 8);
        Path path = write(series);
        byte[] whole = Files.readAllBytes(path);
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << random.nextInt(8));
            Files.write(path, flipped);
            assertThat(PartVerifier.verify(disk, path)).as("byte %d", i).isNotEmpty();
            checkDamaged(path, series);
            Files.write(path, java.util.Arrays.copyOf(whole, i));
            assertThatThrownBy(() -> Part.open(disk, path)).isInstanceOf(StorageFailure.Corrupt.class);
        }
    }

    private void checkDamaged(Path path, NavigableMap<Labels, NavigableMap<Long, Double>> series)
            throws StorageFailure {
        try (Part part = Part.open(disk, path)) {
            assertThat(read(part.select(Selection.ALL))).isEqualTo(bits(series));
        } catch (StorageFailure.Corrupt | StorageFailure.Unsupported expected) {
            assertThat(expected).hasMessageContaining("a.part");
        }
    }

    @Test
    void refusesANewerVersionByName() throws Exception {
        Path path = write(randomSeries(2, 3));
        byte[] bytes = Files.readAllBytes(path);
        PartLayout.INTS.set(bytes, PartLayout.VERSION_AT, 2);
        PartLayout.INTS.set(bytes, PartLayout.HEADER_CRC_AT, PartLayout.crc(bytes, 0, PartLayout.HEADER_CRC_AT));
        Files.write(path, bytes);
        assertThatThrownBy(() -> Part.open(disk, path))
                .isInstanceOf(StorageFailure.Unsupported.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void isReadToTheEndByACursorThatWasOpenedBeforeItWasClosed() throws StorageFailure {
        NavigableMap<Labels, NavigableMap<Long, Double>> series = randomSeries(50, 20);
        Part part = Part.open(disk, write(series));
        SeriesCursor cursor = part.select(Selection.ALL);
        part.close();
        assertThat(read(cursor)).isEqualTo(bits(series));
    }
}

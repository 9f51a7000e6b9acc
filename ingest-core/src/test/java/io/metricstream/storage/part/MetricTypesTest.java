package io.metricstream.storage.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.select.Matcher;
import io.metricstream.select.Selection;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.ListedSeries;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricTypesTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final List<MetricType> TYPES = List.of(MetricType.values());
    private static final PartHeader.Origin ORIGIN = new PartHeader.Origin(0, 86_400_000, 0, 1, 0);

    static {
        System.out.println("MetricTypesTest: seed=" + SEED);
    }

    @TempDir
    private Path folder;

    private final RealDisk disk = new RealDisk();
    private final Random random = new Random(SEED);
    private final Map<Labels, MetricType> types = new TreeMap<>();

    private Path write() throws StorageFailure {
        var series = new TreeMap<Labels, NavigableMap<Long, Double>>();
        for (int i = 0; i < 3000; i++) {
            String metric = "m" + random.nextInt(200);
            Labels labels = Labels.of("A", "a" + random.nextInt(3), Labels.NAME, metric, "host", "h" + i);
            series.put(labels, new TreeMap<>(Map.of((long) i, 1.0)));
            // Most metrics have one type only.
            MetricType usual = TYPES.get(metric.hashCode() & 3);
            types.put(labels, random.nextInt(20) == 0 ? TYPES.get(random.nextInt(4)) : usual);
        }
        Path path = folder.resolve("a.part");
        PartWriter.write(disk, path, ORIGIN, new ListedSeries(series, random, types::get));
        return path;
    }

    private Map<String, Set<MetricType>> expected(List<Matcher> matchers, int limit) {
        var expected = new TreeMap<String, Set<MetricType>>(Labels::compareText);
        types.forEach((labels, type) -> {
            if (matchers.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.label())))) {
                expected.computeIfAbsent(labels.get(Labels.NAME), name -> EnumSet.noneOf(MetricType.class))
                        .add(type);
            }
        });
        while (expected.size() > limit) {
            expected.pollLastEntry();
        }
        return expected;
    }

    @Test
    void tellsTheTypesOfAllMetricsAndOfSome() throws StorageFailure {
        try (Part part = Part.open(disk, write())) {
            for (List<Matcher> matchers : List.of(List.<Matcher>of(), List.of(Matcher.equal("A", "a1")))) {
                for (int limit : new int[] {1, 20, 1000}) {
                    assertThat(part.types(new Selection(matchers, 0, 5000), limit))
                            .as("%s, limit=%d", matchers, limit)
                            .isEqualTo(expected(matchers, limit));
                }
            }
        }
    }

    @Test
    void readsTheSeriesOnce() throws StorageFailure {
        Path path = write();
        try (Part part = Part.open(disk, path)) {
            assertThat(part.types(Selection.ALL, 1000)).isEqualTo(expected(List.of(), 1000));
            overwriteSeries(path);
            assertThat(part.types(Selection.ALL, 1000)).isEqualTo(expected(List.of(), 1000));
        }
    }

    private void overwriteSeries(Path path) throws StorageFailure {
        long[] pages;
        try (DiskFile file = disk.openRead(path);
                PartInput input = new PartInput(file, path, file.size())) {
            pages = Part.readContents(input).seriesPages();
        }
        try (DiskFile file = disk.openWrite(path)) {
            for (long page : pages) {
                file.write(ByteBuffer.allocate(64), page);
            }
        }
    }
}

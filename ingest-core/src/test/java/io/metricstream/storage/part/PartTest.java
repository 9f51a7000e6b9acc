package io.metricstream.storage.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.ListedSeries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts on the real disk. */
final class PartTest {
    private static final PartHeader.Origin ORIGIN = new PartHeader.Origin(0, 86_400_000, 3, 17, 2);

    @TempDir
    private Path folder;

    private final RealDisk disk = new RealDisk();

    @Test
    void holdsWhatWasWritten() throws StorageFailure {
        var series = new TreeMap<Labels, NavigableMap<Long, Double>>();
        for (int i = 0; i < 20; i++) {
            var samples = new TreeMap<Long, Double>();
            for (long t = 0; t < 100; t++) {
                samples.put(1000 * t, i + t / 10.0);
            }
            series.put(Labels.of(Labels.NAME, "m" + i % 3, "host", "h" + i), samples);
        }
        Path path = folder.resolve("a.part");
        PartSummary written = PartWriter.write(disk, path, ORIGIN, new ListedSeries(series, new Random(1)));
        assertThat(written.series()).isEqualTo(20);
        assertThat(written.samples()).isEqualTo(2000);
        try (Part part = Part.open(disk, path)) {
            assertThat(part.header()).isEqualTo(new PartHeader(ORIGIN, written));
            try (SeriesCursor cursor = part.select(Selection.ALL)) {
                assertThat(read(cursor)).isEqualTo(series);
            }
        }
    }

    @Test
    void makesNoFileOfNoSamples() throws StorageFailure {
        Path path = folder.resolve("a.part");
        PartSummary written = PartWriter.write(disk, path, ORIGIN, new ListedSeries(new TreeMap<>(), new Random(1)));
        assertThat(written.samples()).isZero();
        assertThat(Files.exists(path)).isFalse();
    }

    private static Map<Labels, NavigableMap<Long, Double>> read(SeriesCursor cursor) throws StorageFailure {
        var all = new TreeMap<Labels, NavigableMap<Long, Double>>();
        while (cursor.next()) {
            var samples = new TreeMap<Long, Double>();
            SampleRuns runs = cursor.samples();
            while (runs.next()) {
                for (int i = 0; i < runs.count(); i++) {
                    samples.put(runs.timestampsMillis()[i], runs.values()[i]);
                }
            }
            all.put(cursor.labels(), samples);
        }
        return all;
    }
}

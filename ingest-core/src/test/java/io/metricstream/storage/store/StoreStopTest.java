package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a stop in the middle of a merge leaves the parts that are merged as they are, for queries, too. */
final class StoreStopTest {
    private static final int HOSTS = 1000;

    @TempDir
    private Path folder;

    private boolean isMerging() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(DurableFiles.TEMPORARY)
                    && file.toFile().length() > 0);
        }
    }

    @Test
    void leavesAMergeUnfinishedAndNothingDamaged() throws Exception {
        // Slow enough that the merge takes minutes.
        var life = new StoredLife(new RealDisk(), folder, new StoreConfig(Duration.ofDays(30), 0, 1000, false));
        Map<StoredLife.Sample, Double> samples = new HashMap<>();
        for (int part = 0; part < MergePolicy.LEAST_PARTS; part++) {
            Map<StoredLife.Sample, Double> more = new HashMap<>();
            for (int i = 0; i < HOSTS; i++) {
                more.put(new StoredLife.Sample("h" + i, StoredLife.NOW + part), i + part * 0.1);
            }
            life.write(more);
            life.flush();
            samples.putAll(more);
        }
        StoredLife.await(this::isMerging);
        try (SeriesCursor reading = life.store.ask().select(Selection.ALL)) {
            assertThat(reading.next()).isTrue();
            life.kill();
            int series = 1;
            while (reading.next()) {
                series++;
                assertThat(reading.samples().next()).isTrue();
            }
            assertThat(series).isEqualTo(HOSTS);
        }
        assertThat(life.count("damaged.parts")).isZero();
        assertThat(life.count("failures")).isZero();

        var next = new StoredLife(new RealDisk(), folder);
        assertThat(next.settled()).isEqualTo(samples);
        assertThat(next.count("damaged.parts")).isZero();
        next.kill();
    }
}

package io.metricstream.storage.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.ListedSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A label index that does not fit into memory is the same as one that does. */
final class LabelRunsTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final PartHeader.Origin ORIGIN = new PartHeader.Origin(0, 86_400_000, 0, 1, 0);

    static {
        System.out.println("LabelRunsTest: seed=" + SEED);
    }

    @TempDir
    private Path folder;

    private final RealDisk disk = new RealDisk();
    private final Random random = new Random(SEED);

    @Test
    void writesTheSameBytesWithHardlyAnyMemory() throws StorageFailure, IOException {
        for (int round = 0; round < 20; round++) {
            NavigableMap<Labels, NavigableMap<Long, Double>> series = randomSeries(1 + random.nextInt(3000));
            Path held = write("held", series, Long.MAX_VALUE);
            for (long maxBytes : new long[] {0, 3000, 20_000, 200_000}) {
                Path aside = write("aside", series, maxBytes);
                assertThat(Files.mismatch(held, aside))
                        .as("seed=%d, round=%d, maxBytes=%d", SEED, round, maxBytes)
                        .isEqualTo(-1);
            }
            assertThat(folder.toFile().list()).as("the file aside is gone").hasSize(2);
        }
    }

    private Path write(String name, NavigableMap<Labels, NavigableMap<Long, Double>> series, long maxBytes)
            throws StorageFailure {
        Path path = folder.resolve(name + ".part");
        PartWriter.write(disk, path, ORIGIN, new ListedSeries(series, new Random(SEED)), maxBytes);
        return path;
    }

    /** Values with one series, with few, with many, with all; labels that not all series have. */
    private NavigableMap<Labels, NavigableMap<Long, Double>> randomSeries(int count) {
        var all = new TreeMap<Labels, NavigableMap<Long, Double>>();
        for (int i = 0; i < count; i++) {
            var labels = new TreeMap<String, String>();
            labels.put(Labels.NAME, "m" + random.nextInt(3));
            labels.put("pod", "pod-" + random.nextInt(2 * count));
            labels.put("group", "g" + random.nextInt(1 + count / 40));
            labels.put("all", "the same");
            if (random.nextInt(50) == 0) {
                labels.put("some-" + random.nextInt(9), "ä" + random.nextInt(4));
            }
            all.put(Labels.of(labels), new TreeMap<>(Map.of((long) i, 1.0)));
        }
        return all;
    }

    /** As many pods as a busy cluster makes in a month; a map of their names would take some 100 MB. */
    @Test
    void takesLittleMemoryForManyValues() throws StorageFailure {
        var pods = new Pods(500_000);
        Path path = folder.resolve("pods.part");
        PartWriter.write(disk, path, ORIGIN, pods, 4 << 20);
        assertThat(pods.mostBytes - pods.bytesAtStart).isLessThan(24 << 20);
        try (Part part = Part.open(disk, path)) {
            for (int pod : new int[] {0, 1, 123_456, 499_999}) {
                var one = new Matcher("pod", MatchOp.EQUAL, Pods.name(pod));
                try (SeriesCursor found = part.select(new Selection(List.of(one), 0, 1))) {
                    assertThat(found.next()).isTrue();
                    assertThat(found.labels().get("pod")).isEqualTo(Pods.name(pod));
                    assertThat(found.next()).isFalse();
                }
            }
        }
    }

    @Test
    void leavesNothingWhereItFails() {
        var pods = new Pods(2000);
        pods.failAt = 1500;
        Path path = folder.resolve("pods.part");
        assertThatThrownBy(() -> PartWriter.write(disk, path, ORIGIN, pods, 1000))
                .isInstanceOf(StorageFailure.Io.class);
        assertThat(folder).isEmptyDirectory();
    }

    /** Series that are made as they are asked for, each with a name of its own; looks at the memory meanwhile. */
    private static final class Pods implements SeriesCursor {
        private final int pods;
        private int at = -1;
        private int failAt = -1;
        private final OneSample sample = new OneSample();
        private byte[] key = new byte[0];
        private long bytesAtStart;
        private long mostBytes;

        Pods(int pods) {
            this.pods = pods;
        }

        static String name(int pod) {
            return String.format("pod-%08d-%06x", pod, pod * 7919 & 0xffffff);
        }

        @Override
        public boolean next() throws StorageFailure {
            at++;
            if (at % 100_000 == 0 && pods > 100_000) {
                lookAtMemory();
            }
            if (at == failAt) {
                throw new StorageFailure.Io(Path.of("pods"), "failing on purpose");
            }
            sample.begun = false;
            if (at < pods) {
                key = SeriesKey.of(MetricType.GAUGE, "m", Map.of("pod", name(at)));
            }
            return at < pods;
        }

        private void lookAtMemory() {
            System.gc();
            long bytes =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            if (at == 0) {
                bytesAtStart = bytes;
            }
            mostBytes = Math.max(mostBytes, bytes);
        }

        @Override
        public byte[] key() {
            return key;
        }

        @Override
        public int keyLength() {
            return key.length;
        }

        @Override
        public Labels labels() {
            return SeriesKey.labels(key, key.length);
        }

        @Override
        public MetricType type() {
            return MetricType.GAUGE;
        }

        @Override
        public SampleRuns samples() {
            return sample;
        }

        @Override
        public void close() {}
    }

    private static final class OneSample implements SampleRuns {
        private boolean begun;

        @Override
        public boolean next() {
            boolean first = !begun;
            begun = true;
            return first;
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public long firstMillis() {
            return 0;
        }

        @Override
        public long lastMillis() {
            return 0;
        }

        @Override
        public boolean isSummarized() {
            return false;
        }

        @Override
        public double min() {
            return 1;
        }

        @Override
        public double max() {
            return 1;
        }

        @Override
        public double sum() {
            return 1;
        }

        @Override
        public boolean isSumExact() {
            return true;
        }

        @Override
        public long[] timestampsMillis() {
            return new long[1];
        }

        @Override
        public double[] values() {
            return new double[1];
        }
    }
}

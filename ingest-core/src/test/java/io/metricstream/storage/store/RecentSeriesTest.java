package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.FrozenList;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.StoredSeries;
import io.metricstream.storage.merge.ListedSeries;
import io.metricstream.storage.part.PartHeader;
import io.metricstream.storage.part.PartWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RecentSeriesTest {
    private static final Path DATA = Path.of("/data");
    private static final long DAY = 86_400_000L;

    private final CrashingDisk disk = new CrashingDisk(DATA);
    private final PartFiles files = new PartFiles(disk, DATA, () -> 0);
    private final List<LivePart> parts = new ArrayList<>();

    /** A part of this day with so many series of its own. */
    private void write(int day, int count) throws StorageFailure {
        Partition partition = Partition.of(day * DAY, DAY);
        var series = new TreeMap<Labels, NavigableMap<Long, Double>>();
        for (int i = 0; i < count; i++) {
            series.put(Labels.of(Labels.NAME, "m", "n", day + "-" + i), new TreeMap<>(Map.of(day * DAY, 1.0)));
        }
        var origin = new PartHeader.Origin(partition.startMillis(), partition.spanMillis(), day, day, 0);
        Path path = files.place(partition, day, day);
        PartWriter.write(disk, path, origin, new ListedSeries(series, new Random(day)));
        parts.add(files.open(path));
    }

    private static boolean has(StoredSeries series, int day, int number) {
        var head = new Head(new HeadConfig(1 << 20, Duration.ofHours(1), SeriesLimits.NONE), new FrozenList(), () -> 0);
        head.onStored(series);
        byte[] key = SeriesKey.of(MetricType.GAUGE, "m", Map.of("n", day + "-" + number));
        return head.wasStored(SeriesKey.hash(key, 0, key.length));
    }

    @Test
    void hasTheSeriesOfTheNewestTwoPartitions() throws StorageFailure {
        write(20_000, 10);
        write(20_001, 1000);
        write(20_002, 100);
        StoredSeries recent = RecentSeries.of(parts, 5000);
        assertThat(recent.size()).isEqualTo(1100);
        assertThat(has(recent, 20_002, 99)).isTrue();
        assertThat(has(recent, 20_001, 0)).isTrue();
        assertThat(has(recent, 20_001, 1000)).as("there is no such series").isFalse();
        assertThat(has(recent, 20_000, 0)).as("long ago").isFalse();
    }

    @Test
    void prefersTheNewestWhereThereAreTooMany() throws StorageFailure {
        write(20_001, 1000);
        write(20_002, 100);
        StoredSeries recent = RecentSeries.of(parts, 150);
        assertThat(recent.size()).isEqualTo(150);
        for (int i = 0; i < 100; i++) {
            assertThat(has(recent, 20_002, i)).isTrue();
        }
        assertThat(RecentSeries.of(List.of(), 10).size()).isZero();
    }

    @Test
    void passesOverWhatIsDamaged() throws StorageFailure {
        write(20_001, 10);
        write(20_002, 10);
        byte[] bytes = disk.read(parts.get(1).path());
        // All but the contents, which the last 32 bytes say where to find.
        int contents =
                (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(bytes.length - 32);
        for (int i = 16; i < contents; i++) {
            bytes[i] ^= 0x55;
        }
        disk.plant(parts.get(1).path(), bytes);
        LivePart damaged = files.open(parts.get(1).path());
        assertThat(RecentSeries.of(List.of(parts.get(0), damaged), 100).size()).isEqualTo(10);
    }
}

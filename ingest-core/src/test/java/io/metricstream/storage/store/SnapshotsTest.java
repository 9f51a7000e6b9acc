package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.Labels;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.ListedSeries;
import io.metricstream.storage.part.PartHeader;
import io.metricstream.storage.part.PartWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SnapshotsTest {
    private static final Path DATA = Path.of("/data");
    private static final Path FOLDER = DATA.resolve("snapshots");
    private static final long DAY = 86_400_000L;

    private final CrashingDisk disk = new CrashingDisk(DATA);
    private final Snapshots snapshots = new Snapshots(disk, DATA);
    private PartSet set;

    @BeforeEach
    void makeTwoParts() throws StorageFailure {
        var files = new PartFiles(disk, DATA, () -> 0);
        var parts = new ArrayList<LivePart>();
        for (int day = 20_000; day < 20_002; day++) {
            Partition partition = Partition.of(day * DAY, DAY);
            Path path = files.place(partition, day, day);
            var origin = new PartHeader.Origin(partition.startMillis(), partition.spanMillis(), day, day, 0);
            var series = new TreeMap<Labels, NavigableMap<Long, Double>>();
            series.put(Labels.of(Labels.NAME, "m"), new TreeMap<>(Map.of(day * DAY, 1.0)));
            PartWriter.write(disk, path, origin, new ListedSeries(series, new Random(1)));
            parts.add(files.open(path));
        }
        set = new PartSet(disk, DATA, files, parts, Deletions.NONE);
    }

    private List<String> inSnapshots() {
        return disk.files().keySet().stream()
                .filter(path -> path.startsWith(FOLDER))
                .map(path -> FOLDER.relativize(path).toString())
                .toList();
    }

    @Test
    void hasEverythingThatAStartNeeds() throws StorageFailure {
        snapshots.take("a", set);
        assertThat(inSnapshots())
                .containsExactly(
                        "a/checkpoint",
                        "a/deletes",
                        "a/parts/2024-10-04_1d/0000000000004e20-0000000000004e20.part",
                        "a/parts/2024-10-05_1d/0000000000004e21-0000000000004e21.part");
        assertThatThrownBy(() -> snapshots.take("a", set)).hasMessageContaining("name is taken");
        assertThat(inSnapshots()).as("the other one stays").hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE", "WRITE", "FORCE", "RENAME", "LINK", "CREATE_FOLDERS", "SYNC_FOLDER"})
    void leavesNothingWhereItFails(CrashingDisk.Call failing) throws StorageFailure {
        disk.fail(failing, "");
        assertThatThrownBy(() -> snapshots.take("a", set)).isInstanceOf(StorageFailure.class);
        assertThat(inSnapshots()).isEmpty();
        snapshots.take("a", set);
        assertThat(inSnapshots()).hasSize(4);
    }

    @Test
    void holdsNoFlushUpWhileItForces() throws Exception {
        CountDownLatch held = disk.holdForces();
        var forcing = new CountDownLatch(1);
        disk.watch(call -> {
            if (call == CrashingDisk.Call.WRITE) {
                forcing.countDown();
            }
        });
        var failures = new ArrayList<StorageFailure>();
        var thread = new Thread(() -> {
            try {
                snapshots.take("a", set);
            } catch (StorageFailure e) {
                failures.add(e);
            }
        });
        thread.start();
        forcing.await();
        set.replace(List.of(set.parts().get(0)), List.of());
        held.countDown();
        thread.join();
        assertThat(failures).isEmpty();
        assertThat(inSnapshots()).as("as it was when it was linked").hasSize(4);
    }
}

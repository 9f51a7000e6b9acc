package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.repair.SnapshotRestore;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.ListedSeries;
import io.metricstream.storage.part.PartHeader;
import io.metricstream.storage.part.PartWriter;
import io.metricstream.storage.wal.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Cuts the power at every change that making a snapshot, giving one up, and restoring one make on the disk. */
final class SnapshotPowerCutTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final Path DATA = Path.of("/data");
    private static final Path SNAPSHOT = DATA.resolve("snapshots/a");
    private static final Path TARGET = DATA.resolve("restored");
    private static final long DAY = 86_400_000L;
    private static final int OUTCOMES = 8;

    private final SplittableRandom random = new SplittableRandom(SEED);

    SnapshotPowerCutTest() {
        System.out.println("SnapshotPowerCutTest: -Dseed=" + SEED);
    }

    @FunctionalInterface
    private interface Work {
        void run(CrashingDisk disk) throws StorageFailure;
    }

    @FunctionalInterface
    private interface Check {
        void after(CrashingDisk disk, String when) throws StorageFailure;
    }

    private static CrashingDisk withTwoParts() throws StorageFailure {
        var disk = new CrashingDisk(DATA);
        var files = new PartFiles(disk, DATA, () -> 0);
        for (int day = 20_000; day < 20_002; day++) {
            Partition partition = Partition.of(day * DAY, DAY);
            var origin = new PartHeader.Origin(partition.startMillis(), partition.spanMillis(), day, day, 0);
            var series = new TreeMap<Labels, NavigableMap<Long, Double>>();
            series.put(Labels.of(Labels.NAME, "m"), new TreeMap<>(Map.of(day * DAY, 1.0)));
            PartWriter.write(disk, files.place(partition, day, day), origin, new ListedSeries(series, new Random(1)));
        }
        return disk;
    }

    private static CrashingDisk withSnapshot() throws StorageFailure {
        CrashingDisk disk = withTwoParts();
        take(disk);
        return disk;
    }

    private static void take(CrashingDisk disk) throws StorageFailure {
        var files = new PartFiles(disk, DATA, () -> 0);
        var parts = new ArrayList<LivePart>();
        for (Path path : parts(disk, DATA)) {
            parts.add(files.open(path));
        }
        var set = new PartSet(disk, DATA, files, parts, Deletions.NONE);
        try {
            new Snapshots(disk, DATA).take("a", set);
        } finally {
            set.close();
        }
    }

    /** The disk does not say that the finished snapshot's name is durable. */
    private static void giveUp(CrashingDisk disk) throws StorageFailure {
        disk.watch(call -> {
            if (call == CrashingDisk.Call.RENAME && disk.exists(SNAPSHOT.resolveSibling("a.tmp/checkpoint"))) {
                disk.watch(any -> {});
                disk.fail(CrashingDisk.Call.SYNC_FOLDER, "snapshots");
            }
        });
        take(disk);
    }

    private static void restore(CrashingDisk disk) throws StorageFailure {
        disk.createFolders(TARGET);
        disk.syncFolder(DATA);
        assertThat(SnapshotRestore.isFree(disk, TARGET)).isTrue();
        SnapshotRestore.restore(disk, SNAPSHOT, TARGET, bytes -> {});
    }

    private static List<Path> parts(CrashingDisk disk, Path folder) throws StorageFailure {
        return StoredParts.files(disk, folder).stream()
                .filter(StoredParts::isPart)
                .toList();
    }

    private static Map<String, List<Byte>> files(CrashingDisk disk, Path folder) {
        var files = new TreeMap<String, List<Byte>>();
        disk.files().forEach((path, content) -> {
            if (path.startsWith(folder)) {
                var bytes = new ArrayList<Byte>();
                for (byte one : content) {
                    bytes.add(one);
                }
                files.put(folder.relativize(path).toString(), bytes);
            }
        });
        return files;
    }

    private void cutEverywhere(CrashingDisk start, Work work, Check check) throws StorageFailure {
        CrashingDisk whole = start.copy();
        live(whole, work);
        long changes = whole.changes();
        assertThat(changes).isPositive();
        for (long cut = 1; cut <= changes; cut++) {
            for (int outcome = 0; outcome < OUTCOMES; outcome++) {
                CrashingDisk disk = start.copy();
                disk.cutPowerAt(cut);
                live(disk, work);
                assertThat(disk.isOff()).isTrue();
                check.after(
                        disk.afterPowerCut(random), "power cut at change " + cut + " of " + changes + ", seed " + SEED);
            }
        }
    }

    private static void live(CrashingDisk disk, Work work) {
        try {
            work.run(disk);
        } catch (StorageFailure cutOrGivenUp) {
            assertThat(cutOrGivenUp).hasMessageMatching("(?s).*(power|failing as asked).*");
        }
    }

    /** None or a whole one, at once; a start leaves no litter, and the next one finds nothing to do. */
    private static void isNoneOrWhole(CrashingDisk disk, Map<String, List<Byte>> whole, String when)
            throws StorageFailure {
        Map<String, List<Byte>> found = files(disk, SNAPSHOT);
        if (disk.exists(SNAPSHOT)) {
            assertThat(found).as(when).isEqualTo(whole);
        }
        Path making = SNAPSHOT.resolveSibling("a.tmp");
        if (disk.exists(Checkpoint.path(making))) {
            assertThat(files(disk, making))
                    .as("what restore would take, " + when)
                    .isEqualTo(whole);
        }
        new Snapshots(disk, DATA).deleteUnfinished();
        assertThat(disk.exists(making)).as(when).isFalse();
        assertThat(files(disk, SNAPSHOT)).as(when).isEqualTo(found);
        Map<String, List<Byte>> once = files(disk, DATA);
        CrashingDisk next = disk.afterKill();
        new Snapshots(next, DATA).deleteUnfinished();
        assertThat(files(next, DATA)).as("after one more start, " + when).isEqualTo(once);
        if (!next.exists(SNAPSHOT)) {
            take(next);
            assertThat(files(next, SNAPSHOT)).as("another try, " + when).isEqualTo(whole);
        }
    }

    @Test
    void snapshotIsWholeOrNotThere() throws StorageFailure {
        Map<String, List<Byte>> whole = files(withSnapshot(), SNAPSHOT);
        assertThat(whole).hasSize(4);
        cutEverywhere(withTwoParts(), SnapshotPowerCutTest::take, (disk, when) -> isNoneOrWhole(disk, whole, when));
    }

    @Test
    void snapshotThatIsGivenUpIsWholeOrNotThere() throws StorageFailure {
        Map<String, List<Byte>> whole = files(withSnapshot(), SNAPSHOT);
        cutEverywhere(withTwoParts(), SnapshotPowerCutTest::giveUp, (disk, when) -> isNoneOrWhole(disk, whole, when));
    }

    @Test
    void litterOfSnapshotIsNeverTakenForOne() throws StorageFailure {
        Map<String, List<Byte>> whole = files(withSnapshot(), SNAPSHOT);
        CrashingDisk start = withSnapshot();
        start.rename(SNAPSHOT, SNAPSHOT.resolveSibling("a.tmp"));
        start.syncFolder(SNAPSHOT.getParent());
        cutEverywhere(
                start,
                disk -> new Snapshots(disk, DATA).deleteUnfinished(),
                (disk, when) -> isNoneOrWhole(disk, whole, when));
    }

    @Test
    void restoredFolderIsWholeOrRefusedOrEmpty() throws StorageFailure {
        CrashingDisk start = withSnapshot();
        Map<String, List<Byte>> whole = files(start, SNAPSHOT);
        cutEverywhere(start, SnapshotPowerCutTest::restore, (disk, when) -> isRestorable(disk, whole, when));
    }

    @Test
    void restoreOverAnUnfinishedOneIsWholeOrRefused() throws StorageFailure {
        CrashingDisk first = withSnapshot();
        CrashingDisk counted = first.copy();
        restore(counted);
        first.cutPowerAt(counted.changes() - 2);
        live(first, SnapshotPowerCutTest::restore);
        CrashingDisk start = first.afterKill();
        assertThat(SnapshotRestore.isUnfinished(start, TARGET)).isTrue();
        Map<String, List<Byte>> whole = files(start, SNAPSHOT);
        cutEverywhere(start, SnapshotPowerCutTest::restore, (disk, when) -> isRestorable(disk, whole, when));
    }

    private static void isRestorable(CrashingDisk disk, Map<String, List<Byte>> whole, String when)
            throws StorageFailure {
        assertThat(files(disk, SNAPSHOT)).as("the snapshot stays, " + when).isEqualTo(whole);
        if (!SnapshotRestore.isUnfinished(disk, TARGET) && files(disk, TARGET).equals(whole)) {
            return;
        }
        if (!SnapshotRestore.isUnfinished(disk, TARGET)) {
            assertThat(files(disk, TARGET).keySet())
                    .as("as before, " + when)
                    .allMatch("restore-unfinished.tmp"::equals);
        }
        restore(disk);
        assertThat(SnapshotRestore.isUnfinished(disk, TARGET)).as(when).isFalse();
        assertThat(files(disk, TARGET)).as("another try, " + when).isEqualTo(whole);
    }
}

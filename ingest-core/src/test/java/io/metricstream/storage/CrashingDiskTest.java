package io.metricstream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The simulated disk keeps what a real one must keep, and is seen to lose everything that a real one may. */
final class CrashingDiskTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final Path ROOT = Path.of("root");
    private static final Path FILE = ROOT.resolve("file");
    private static final int SECTOR = 512;

    private final SplittableRandom random = new SplittableRandom(SEED);

    private static ByteBuffer filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void losesWhatWasNotForcedInEveryWayAndKeepsWhatWas() throws Exception {
        System.out.println("CrashingDiskTest: seed=" + SEED);
        var disk = new CrashingDisk(ROOT);
        DiskFile file = disk.create(FILE);
        file.write(filled(2 * SECTOR, 1), 0);
        file.force();
        disk.syncFolder(ROOT);
        file.write(filled(2 * SECTOR, 2), SECTOR);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            byte[] left = disk.copy().afterPowerCut(random).read(FILE);
            assertThat(Arrays.copyOf(left, SECTOR)).containsOnly(1);
            seen.add(kindOf(left));
        }
        assertThat(seen).containsExactlyInAnyOrder("dropped", "kept", "halved", "zeroed", "flipped");
    }

    /** What became of the sector that was overwritten. */
    private static String kindOf(byte[] content) {
        byte[] sector = Arrays.copyOfRange(content, SECTOR, 2 * SECTOR);
        Set<Byte> values = new HashSet<>();
        for (byte value : sector) {
            values.add(value);
        }
        if (values.size() == 1) {
            return sector[0] == 1 ? "dropped" : sector[0] == 2 ? "kept" : "zeroed";
        }
        return sector[0] == 2 && sector[SECTOR - 1] == 1 && values.size() == 2 ? "halved" : "flipped";
    }

    @Test
    void losesNamesThatWereNotSynced() throws Exception {
        var disk = new CrashingDisk(ROOT);
        disk.create(FILE).close();
        disk.syncFolder(ROOT);
        disk.rename(FILE, ROOT.resolve("renamed"));
        disk.create(ROOT.resolve("created")).close();
        Set<Set<Path>> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            seen.add(disk.copy().afterPowerCut(random).files().keySet());
        }
        assertThat(seen).hasSize(4).allMatch(names -> names.contains(FILE) != names.contains(ROOT.resolve("renamed")));
        disk.syncFolder(ROOT);
        assertThat(disk.afterPowerCut(random).files())
                .containsOnlyKeys(ROOT.resolve("renamed"), ROOT.resolve("created"));
    }

    @Test
    void losesWhatIsInAFolderThatIsLost() throws Exception {
        var disk = new CrashingDisk(ROOT);
        Path folder = ROOT.resolve("folder");
        disk.createFolders(folder);
        disk.create(folder.resolve("file")).close();
        disk.syncFolder(folder);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            seen.add(disk.copy().afterPowerCut(random).files().size());
        }
        assertThat(seen).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void losesNothingWithTheProcessAlone() throws Exception {
        var disk = new CrashingDisk(ROOT);
        DiskFile file = disk.create(FILE);
        file.write(filled(100, 7), 0);
        assertThat(disk.afterKill().read(FILE)).hasSize(100).containsOnly(7);
        assertThatThrownBy(() -> file.write(filled(1, 1), 0)).isInstanceOf(StorageFailure.Io.class);
    }

    @Test
    void isFullAtAByteAndGoesOnInSpaceItHas() throws Exception {
        var disk = new CrashingDisk(ROOT);
        disk.capacityBytes(150);
        DiskFile file = disk.create(FILE);
        file.write(filled(100, 1), 0);
        assertThat(disk.usableBytes(ROOT)).isEqualTo(50);
        assertThatThrownBy(() -> file.write(filled(100, 2), 100)).isInstanceOf(StorageFailure.DiskFull.class);
        assertThat(file.size()).isEqualTo(150);
        file.write(filled(150, 3), 0);
        assertThat(disk.read(FILE)).hasSize(150).containsOnly(3);
    }
}

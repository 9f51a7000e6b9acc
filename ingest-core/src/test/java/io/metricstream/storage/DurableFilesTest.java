package io.metricstream.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.storage.CrashingDisk.Call;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DurableFilesTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final Path ROOT = Path.of("/root").toAbsolutePath();
    private static final Path FILE = ROOT.resolve("file");

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String read(CrashingDisk disk) {
        return new String(disk.read(FILE), UTF_8);
    }

    @Test
    void aFileIsTheOldOneOrTheNewOneWhereverThePowerGoes() throws Exception {
        System.out.println("DurableFilesTest: seed=" + SEED);
        var random = new SplittableRandom(SEED);
        long changes;
        {
            var disk = new CrashingDisk(ROOT);
            DurableFiles.write(disk, FILE, bytes("old"));
            disk.cutPowerAt(Long.MAX_VALUE / 2);
            long before = disk.changes();
            DurableFiles.write(disk, FILE, bytes("new and longer"));
            changes = disk.changes() - before;
        }
        assertThat(changes).isEqualTo(5);
        for (int cut = 1; cut <= changes; cut++) {
            for (int outcome = 0; outcome < 50; outcome++) {
                var disk = new CrashingDisk(ROOT);
                DurableFiles.write(disk, FILE, bytes("old"));
                disk.cutPowerAt(cut);
                assertThatThrownBy(() -> DurableFiles.write(disk, FILE, bytes("new and longer")))
                        .isInstanceOf(StorageFailure.class);
                assertThat(read(disk.afterPowerCut(random))).isIn("old", "new and longer");
            }
        }
        var disk = new CrashingDisk(ROOT);
        DurableFiles.write(disk, FILE, bytes("old"));
        DurableFiles.write(disk, FILE, bytes("new and longer"));
        for (int outcome = 0; outcome < 50; outcome++) {
            assertThat(read(disk.copy().afterPowerCut(random))).isEqualTo("new and longer");
        }
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws Exception {
        for (Call call : new Call[] {Call.CREATE, Call.WRITE, Call.FORCE, Call.RENAME}) {
            var disk = new CrashingDisk(ROOT);
            DurableFiles.write(disk, FILE, bytes("old"));
            disk.fail(call, "file.tmp");
            assertThatThrownBy(() -> DurableFiles.write(disk, FILE, bytes("new")))
                    .isInstanceOf(StorageFailure.Io.class)
                    .hasMessageContaining("file.tmp");
            assertThat(disk.files()).containsOnlyKeys(FILE);
            assertThat(read(disk)).isEqualTo("old");
            assertThat(disk.openFiles()).isZero();
        }
    }

    @Test
    void foldersSurviveAPowerCut() throws Exception {
        var random = new SplittableRandom(SEED);
        Path folder = ROOT.resolve("a").resolve("b").resolve("c");
        var disk = new CrashingDisk(ROOT);
        DurableFiles.createFolders(disk, folder);
        for (int outcome = 0; outcome < 50; outcome++) {
            assertThat(disk.copy().afterPowerCut(random).exists(folder)).isTrue();
        }
        long changes = disk.changes();
        DurableFiles.createFolders(disk, folder);
        assertThat(disk.changes()).as("nothing to do").isEqualTo(changes);
    }
}

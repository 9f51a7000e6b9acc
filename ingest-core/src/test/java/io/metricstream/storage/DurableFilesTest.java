package io.metricstream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DurableFilesTest {
    private static final Path ROOT = Path.of("/disk");

    private final Random random = new Random(1);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void foldersSurviveAPowerCut() throws Exception {
        Path folder = ROOT.resolve("a/b/c");
        for (int outcome = 0; outcome < 20; outcome++) {
            var disk = new CrashingDisk(ROOT);
            DurableFiles.makeFolders(disk, folder);
            DurableFiles.makeFolders(disk, folder);
            assertThat(disk.afterPowerCut(random).exists(folder)).isTrue();
        }
    }

    @Test
    void leavesNothingBehindWhereTheNameIsTaken(@TempDir Path folder) throws Exception {
        Path taken = folder.resolve("taken");
        Files.createDirectories(taken.resolve("by a folder with something in it"));
        assertThatThrownBy(() -> DurableFiles.write(new RealDisk(), taken, ByteBuffer.wrap(bytes("new"))))
                .isInstanceOf(StorageFailure.class);
        assertThat(folder).isDirectoryNotContaining("glob:**" + DurableFiles.TEMPORARY);
    }

    @Test
    void aFileIsTheOldOrTheNewOneWhereverThePowerGoes() throws Exception {
        Path path = ROOT.resolve("file");
        boolean written = false;
        for (int cut = 1; !written; cut++) {
            var disk = new CrashingDisk(ROOT);
            disk.plant(path, bytes("old"));
            disk.cutPowerAt(cut);
            try {
                DurableFiles.write(disk, path, ByteBuffer.wrap(bytes("new")));
                written = true;
            } catch (StorageFailure power) {
                assertThat(disk.isOff()).isTrue();
            }
            String found = new String(disk.afterPowerCut(random).read(path), StandardCharsets.UTF_8);
            assertThat(found).isIn(written ? new String[] {"new"} : new String[] {"old", "new"});
        }
    }
}

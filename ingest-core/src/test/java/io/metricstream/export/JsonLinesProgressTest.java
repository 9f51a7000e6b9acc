package io.metricstream.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.storage.Disk;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonLinesProgressTest {
    private static final JsonLinesProgress GOLDEN =
            new JsonLinesProgress(0x0102030405060708L, "/data/métrics.jsonl", 123_456_789_012L, 0xCAFEBABE);

    @TempDir
    private Path folder;

    private final Disk disk = new RealDisk();

    /** Never made anew: what an earlier version wrote is read by every later one. */
    private static byte[] golden() throws Exception {
        try (InputStream in = JsonLinesProgressTest.class.getResourceAsStream("/format/jsonl-position-1.bin")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    @Test
    void writesAndReadsTheBytesOfVersionOne() throws Exception {
        GOLDEN.write(disk, folder);
        assertThat(JsonLinesProgress.file(folder)).hasBinaryContent(golden());
        assertThat(JsonLinesProgress.read(disk, folder)).contains(GOLDEN);
    }

    @Test
    void remembersNothingInANewFolder() throws Exception {
        assertThat(JsonLinesProgress.read(disk, folder)).isEmpty();
    }

    @Test
    void refusesADamagedFileAtItsEveryByteAndLength() throws Exception {
        byte[] golden = golden();
        for (int i = 0; i < golden.length; i++) {
            byte[] damaged = golden.clone();
            damaged[i] ^= 0x10;
            Files.write(JsonLinesProgress.file(folder), damaged);
            assertThatThrownBy(() -> JsonLinesProgress.read(disk, folder))
                    .as("byte %d", i)
                    .isInstanceOfAny(StorageFailure.Corrupt.class, StorageFailure.Unsupported.class)
                    .hasMessageContaining("jsonl-position");
            Files.write(JsonLinesProgress.file(folder), Arrays.copyOf(golden, i));
            assertThatThrownBy(() -> JsonLinesProgress.read(disk, folder))
                    .as("length %d", i)
                    .isInstanceOf(StorageFailure.Corrupt.class);
        }
    }
}

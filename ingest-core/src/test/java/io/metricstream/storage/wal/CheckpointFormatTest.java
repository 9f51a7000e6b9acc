package io.metricstream.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.FormatPage;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The checkpoint's bytes are those of docs/format/checkpoint.md and of the file that was written once. */
final class CheckpointFormatTest {
    private static final Path DATA = Path.of("data");
    private static final Path FILE = DATA.resolve("checkpoint");
    private static final String GOLDEN = "checkpoint-v1";
    private static final Checkpoint CHECKPOINT = new Checkpoint(0x0123456789abcdefL, 4711);

    private static CrashingDisk diskWith(byte[] bytes) throws Exception {
        var disk = new CrashingDisk(DATA);
        disk.plant(FILE, bytes);
        return disk;
    }

    @Test
    void readsTheGoldenFile() throws Exception {
        assertThat(Checkpoint.read(diskWith(FormatPage.golden(GOLDEN)), DATA)).isEqualTo(CHECKPOINT);
    }

    @Test
    void writesTheGoldenFileToday() throws Exception {
        var disk = new CrashingDisk(DATA);
        CHECKPOINT.write(disk, DATA);
        assertThat(disk.read(FILE)).isEqualTo(FormatPage.golden(GOLDEN));
    }

    @Test
    void thePageSaysWhereTheFieldsLie() throws Exception {
        byte[] bytes = FormatPage.golden(GOLDEN);
        var page = new FormatPage("checkpoint.md", ByteOrder.LITTLE_ENDIAN);
        Map<String, FormatPage.Field> fields = page.table("## File");
        assertThat(FormatPage.text(bytes, 0, fields.get("magic"))).isEqualTo("MSTRMCKP");
        assertThat(page.number(bytes, 0, fields.get("version"))).isEqualTo(Checkpoint.FORMAT_VERSION);
        assertThat(page.number(bytes, 0, fields.get("sequence"))).isEqualTo(CHECKPOINT.sequence());
        assertThat(page.number(bytes, 0, fields.get("segment"))).isEqualTo(CHECKPOINT.segment());
        FormatPage.Field checksum = fields.get("checksum");
        assertThat(page.number(bytes, 0, checksum)).isEqualTo(FormatPage.crc(bytes, 0, checksum.offset()));
        assertThat(checksum.end()).isEqualTo(bytes.length);
    }

    @Test
    void refusesEveryFileWithAFlippedByteOrAnotherLength() throws Exception {
        byte[] whole = FormatPage.golden(GOLDEN);
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= 0x10;
            assertThatThrownBy(() -> Checkpoint.read(diskWith(flipped), DATA))
                    .isInstanceOfAny(StorageFailure.Corrupt.class, StorageFailure.Unsupported.class);
            byte[] cut = Arrays.copyOf(whole, i);
            assertThatThrownBy(() -> Checkpoint.read(diskWith(cut), DATA)).isInstanceOf(StorageFailure.class);
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> Checkpoint.read(diskWith(longer), DATA)).isInstanceOf(StorageFailure.Corrupt.class);
    }
}

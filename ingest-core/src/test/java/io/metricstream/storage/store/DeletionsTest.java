package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.storage.FormatPage;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.Deletion;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeletionsTest {
    @TempDir
    private Path folder;

    private final RealDisk disk = new RealDisk();

    private static Deletions some() {
        return Deletions.NONE
                .with(new Deletion(1, List.of(Matcher.equal("host", "a\u00e9\n")), Long.MIN_VALUE, 5, 17))
                .with(new Deletion(
                        2, List.of(new Matcher("x", MatchOp.NOT_REGEX, "b.*"), Matcher.equal("y", "")), 1, 9, 40));
    }

    @Test
    void comesBackFromItsFile() throws StorageFailure {
        assertThat(Deletions.load(disk, folder)).isEqualTo(Deletions.NONE);
        some().save(disk, folder);
        assertThat(Deletions.load(disk, folder)).isEqualTo(some());
        some().without(some().all()).save(disk, folder);
        assertThat(Deletions.load(disk, folder).lastId())
                .as("ids are not given twice")
                .isEqualTo(2);
    }

    @Test
    void hidesWhatWasWrittenBeforeAndNotYetApplied() {
        assertThat(some().hiding(17, 0, 0, 100)).hasSize(2);
        assertThat(some().hiding(18, 0, 0, 100)).extracting(Deletion::id).containsExactly(2L);
        assertThat(some().hiding(17, 1, 0, 100)).extracting(Deletion::id).containsExactly(2L);
        assertThat(some().hiding(17, 0, 6, 100)).extracting(Deletion::id).containsExactly(2L);
        assertThat(some().hiding(41, 0, 0, 100)).isEmpty();
    }

    @Test
    void refusesEveryFileWithAFlippedByteOrACutEnd() throws Exception {
        some().save(disk, folder);
        Path path = folder.resolve(Deletions.FILE);
        byte[] whole = Files.readAllBytes(path);
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= 0x10;
            Files.write(path, flipped);
            assertThatThrownBy(() -> Deletions.load(disk, folder))
                    .as("byte %d", i)
                    .isInstanceOf(StorageFailure.Corrupt.class);
            Files.write(path, java.util.Arrays.copyOf(whole, i));
            assertThatThrownBy(() -> Deletions.load(disk, folder)).isInstanceOf(StorageFailure.Corrupt.class);
        }
    }

    @Test
    void refusesALaterVersionByName() throws Exception {
        some().save(disk, folder);
        Path path = folder.resolve(Deletions.FILE);
        ByteBuffer later = ByteBuffer.wrap(Files.readAllBytes(path));
        int end = later.limit() - Integer.BYTES;
        later.putInt(8, 2);
        later.putInt(end, (int) FormatPage.crc(later.array(), 0, end));
        Files.write(path, later.array());
        assertThatThrownBy(() -> Deletions.load(disk, folder))
                .isInstanceOf(StorageFailure.Unsupported.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void holdsNoMoreThanItsFileCan() {
        var one = new Deletion(1, List.of(Matcher.equal("a", "b")), 0, 1, 1);
        var full = new Deletions(Collections.nCopies(Deletions.MAX_DELETIONS, one), 1);
        assertThat(full.hasRoomFor(1)).isFalse();
        assertThat(full.without(List.of(one)).hasRoomFor(Deletions.MAX_DELETIONS))
                .isTrue();
        var longOne = new Deletion(1, List.of(Matcher.equal("a", "b".repeat(40 << 20))), 0, 1, 1);
        assertThat(Deletions.NONE.with(longOne).hasRoomFor(1)).isFalse();
    }
}

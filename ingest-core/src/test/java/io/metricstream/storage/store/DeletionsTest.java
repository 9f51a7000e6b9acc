package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.Deletion;
import java.nio.file.Files;
import java.nio.file.Path;
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
            assertThatThrownBy(() -> Deletions.load(disk, folder)).isInstanceOf(StorageFailure.class);
            Files.write(path, java.util.Arrays.copyOf(whole, i));
            assertThatThrownBy(() -> Deletions.load(disk, folder)).isInstanceOf(StorageFailure.Corrupt.class);
        }
    }
}

package io.metricstream.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** How faults of the system's files are told apart. */
final class RealDiskTest {
    private static final long MUCH = 1L << 30;

    private static StorageFailure failure(long usableBytes, String message) {
        return RealDisk.writeFailure(Path.of("file"), usableBytes, new IOException(message));
    }

    @Test
    void knowsAFullDiskByTheWordsOfTheSystemOrByItsSpace() {
        assertThat(failure(MUCH, "No space left on device")).isInstanceOf(StorageFailure.DiskFull.class);
        assertThat(failure(MUCH, "Disk quota exceeded")).isInstanceOf(StorageFailure.DiskFull.class);
        assertThat(failure(0, "Auf dem Ger\u00e4t ist kein Speicherplatz mehr verf\u00fcgbar"))
                .isInstanceOf(StorageFailure.DiskFull.class);
        assertThat(failure(MUCH, "Input/output error")).isInstanceOf(StorageFailure.Io.class);
    }
}

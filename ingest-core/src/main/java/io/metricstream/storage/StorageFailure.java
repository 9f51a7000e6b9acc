package io.metricstream.storage;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What can go wrong with files. Every failure names the file and what was being done.
 *
 * <p>The cases: {@link DiskFull} ends by itself when space returns; {@link Corrupt} is a file that is not what it should
 * be; {@link Unsupported} is a file of a version this program does not know; {@link Io} is everything else, after which
 * nothing may be assumed about what reached the disk.
 */
public abstract sealed class StorageFailure extends Exception {
    private static final long serialVersionUID = 1;

    private StorageFailure(String message, Throwable cause) {
        super(message, cause);
    }

    private StorageFailure(String message) {
        super(message);
    }

    /** No space, or a quota used up. */
    public static final class DiskFull extends StorageFailure {
        private static final long serialVersionUID = 1;

        public DiskFull(Path path, String what) {
            super("no space left: path=" + path + ", while=" + what);
        }
    }

    /** A file whose bytes are not what they should be. */
    public static final class Corrupt extends StorageFailure {
        private static final long serialVersionUID = 1;

        public Corrupt(Path path, long offsetBytes, String reason) {
            super("damaged file: path=" + path + ", offset=" + offsetBytes + ", reason=" + reason);
        }
    }

    /** A file made by something else, or by a newer version of this program. */
    public static final class Unsupported extends StorageFailure {
        private static final long serialVersionUID = 1;

        public Unsupported(Path path, String found, String wanted) {
            super("unsupported file: path=" + path + ", found=" + found + ", wanted=" + wanted);
        }
    }

    /** A call of the operating system failed. */
    public static final class Io extends StorageFailure {
        private static final long serialVersionUID = 1;

        public Io(Path path, String what, IOException cause) {
            super("input/output error: path=" + path + ", while=" + what + ", cause=" + cause.getMessage(), cause);
        }

        public Io(Path path, String what) {
            super("input/output error: path=" + path + ", while=" + what);
        }
    }
}

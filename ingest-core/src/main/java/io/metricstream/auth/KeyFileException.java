package io.metricstream.auth;

import java.nio.file.Path;

/** The key file cannot be read, is not valid, or cannot be changed; the message names the file, the line and the field. */
public final class KeyFileException extends Exception {
    private static final long serialVersionUID = 1;

    KeyFileException(String message) {
        super(message);
    }

    KeyFileException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same, with the file in front of the message. */
    KeyFileException in(Path file) {
        return new KeyFileException(file + ": " + getMessage(), this);
    }
}

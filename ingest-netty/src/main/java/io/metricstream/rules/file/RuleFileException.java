package io.metricstream.rules.file;

/** Files of rules that are not taken; the message has a line {@code file:line: reason} for each problem. */
public final class RuleFileException extends Exception {
    private static final long serialVersionUID = 1;

    RuleFileException(String message) {
        super(message);
    }

    RuleFileException(String message, Throwable cause) {
        super(message, cause);
    }
}

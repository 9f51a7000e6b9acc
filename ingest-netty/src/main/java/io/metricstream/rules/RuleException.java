package io.metricstream.rules;

/** A rule that could not be evaluated; the message is its last error. */
final class RuleException extends Exception {
    private static final long serialVersionUID = 1;

    RuleException(String message) {
        super(message);
    }

    RuleException(Exception cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}

package io.metricstream.feed;

/** A line that its format does not allow; the message says what was found and what was wanted. */
final class BadLineException extends Exception {
    private static final long serialVersionUID = 1;

    BadLineException(String message) {
        super(message);
    }

    /** Something was found in place of what was wanted. */
    static BadLineException found(String what, String found, String wanted) {
        return new BadLineException(what + ": found " + found + ", wanted " + wanted);
    }
}

package io.metricstream.select;

/** A text that is no series selector: what was found where, and what was wanted. */
public final class SelectorException extends Exception {
    private static final long serialVersionUID = 1;

    private final int position;

    SelectorException(int position, String problem) {
        super("character " + (position + 1) + ": " + problem);
        this.position = position;
    }

    /** Where in the text, in chars from 0; the text's length where something is missing at its end. */
    public int position() {
        return position;
    }
}

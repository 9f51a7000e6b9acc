package io.metricstream.storage.block;

/** Bytes that are not a block. */
public final class BlockFormatException extends Exception {
    private static final long serialVersionUID = 1;

    public BlockFormatException(String message) {
        super(message);
    }
}

package io.metricstream.storage.block;

/** Bytes that are not what an encoder writes, although their checksum may be right. Whoever knows the file names it. */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedException(String reason) {
        super(reason);
    }
}

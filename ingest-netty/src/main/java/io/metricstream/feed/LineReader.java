package io.metricstream.feed;

/**
 * Knows what the lines of one file mean. Thread: one at a time. Order: each line once, as they come in the file, then
 * {@link #end}.
 */
interface LineReader {
    /** Gives the sink the samples of a line, all of them or, where the line is bad, none. */
    void read(String line, SampleSink sink) throws BadLineException, FeedException, InterruptedException;

    /** A line whose samples are not wanted, but which may say something about later ones. */
    default void pass(String line) {}

    /** There are no more lines; fails where the file cannot end here. */
    default void end() throws BadLineException {}
}

package io.metricstream.ring;

/** An event loop as the disk writer sees it: the place where finished requests are answered. */
public interface Completions {
    /** A small number, counted from 0, different for each event loop of a server. */
    int index();

    /**
     * Takes a finished group's requests of this loop, chained by {@link WriteRequest#next}, and runs
     * {@link WriteRequest#complete} for each on the loop's own thread, in order, with one task. Called by the disk
     * writer; never blocks and never throws.
     */
    void onGroupDone(WriteRequest first);
}

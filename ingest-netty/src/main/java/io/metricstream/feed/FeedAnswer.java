package io.metricstream.feed;

import java.util.List;

/**
 * What the server says to a request that it has carried out.
 *
 * @param refused samples that it did not store
 * @param faults the first of them
 */
record FeedAnswer(long refused, List<Fault> faults) {
    static final FeedAnswer STORED = new FeedAnswer(0, List.of());

    /** @param bodyLine counted from 1 */
    record Fault(int bodyLine, String text) {}
}

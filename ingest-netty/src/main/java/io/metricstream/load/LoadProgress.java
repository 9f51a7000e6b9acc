package io.metricstream.load;

/**
 * What a stage has done so far.
 *
 * @param samples acknowledged
 * @param refusals answers 429 and 503
 * @param failures requests without an answer, and with any other one than 200, 429 and 503
 */
public record LoadProgress(long samples, long refusals, long failures, int openConnections) {
    static final LoadProgress NONE = new LoadProgress(0, 0, 0, 0);

    static LoadProgress of(Tally tally, int openConnections) {
        long refusals = tally.status(429) + tally.status(503);
        return new LoadProgress(
                tally.acknowledged(), refusals, tally.sent() - tally.status(200) - refusals, openConnections);
    }

    LoadProgress plus(LoadProgress other) {
        return new LoadProgress(
                samples + other.samples,
                refusals + other.refusals,
                failures + other.failures,
                openConnections + other.openConnections);
    }
}

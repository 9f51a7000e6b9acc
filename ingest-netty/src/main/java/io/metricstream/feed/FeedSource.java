package io.metricstream.feed;

/**
 * A file to be sent, or standard input.
 *
 * @param name of the file, as it is opened; {@link #STANDARD_INPUT} for standard input
 */
public record FeedSource(String name, FeedFormat format) {
    public static final String STANDARD_INPUT = "-";
}

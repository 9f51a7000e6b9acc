package io.metricstream.stats;

/**
 * A sample that was refused.
 *
 * @param series as in {@code up{job="a"}}; its name alone, or empty, where no more could be read
 * @param reason the word in the statistics
 * @param text what was found and what was wanted
 */
public record RejectedSample(long timeMillis, String client, String series, String reason, String text) {}

package io.metricstream.feed;

/**
 * What became of a run.
 *
 * @param stored samples that the server acknowledged
 * @param refused samples that it refused
 * @param badLines lines that could not be read
 * @param retries requests that were sent again
 */
public record FeedReport(int files, long lines, long stored, long refused, long badLines, long retries) {}

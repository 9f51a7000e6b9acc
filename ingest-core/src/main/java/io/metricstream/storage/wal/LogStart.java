package io.metricstream.storage.wal;

/**
 * How a log goes on.
 *
 * @param logId the id in its segments' headers
 * @param segment the number of the next segment
 * @param sequence the number of the next record
 * @param epoch the number of the log epoch that begins there
 */
record LogStart(long logId, long segment, long sequence, int epoch) {}

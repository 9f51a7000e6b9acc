package io.metricstream.parse;

/** How the metrics of a body are written down. */
public enum BodyFormat {
    /** One object with the array {@code metrics}. */
    JSON,
    /** One metric object a line; blank lines are skipped, lines may end in CR LF. */
    NDJSON,
    /** A message of Prometheus remote write 1.0. */
    REMOTE_WRITE
}

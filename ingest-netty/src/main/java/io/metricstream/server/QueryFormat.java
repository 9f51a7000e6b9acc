package io.metricstream.server;

/** How {@code query} shows a result. */
enum QueryFormat {
    TABLE,
    JSON,
    CSV,
    CHART
}

package io.metricstream.model;

import org.jspecify.annotations.Nullable;

/** The type a client declares for a metric. The code is what the log stores and never changes. */
public enum MetricType {
    GAUGE(1, "gauge"),
    COUNTER(2, "counter"),
    HISTOGRAM(3, "histogram"),
    SUMMARY(4, "summary");

    private static final MetricType[] BY_CODE = {null, GAUGE, COUNTER, HISTOGRAM, SUMMARY};

    private final byte code;
    private final String text;

    MetricType(int code, String text) {
        this.code = (byte) code;
        this.text = text;
    }

    public byte code() {
        return code;
    }

    /** The word used in JSON, CSV and messages. */
    public String text() {
        return text;
    }

    /** The type of a stored code, or null for a code that this version does not know. */
    public static @Nullable MetricType ofCode(int code) {
        return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}

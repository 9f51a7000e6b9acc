package io.metricstream.parse;

/** Why a sample was not taken, as one stable word for statistics; the report's text says it in full. */
public enum RejectReason {
    NAME("name"),
    VALUE("value"),
    TYPE("type"),
    TAGS("tags"),
    TIMESTAMP("timestamp"),
    TIMESTAMP_TOO_OLD("timestamp_too_old"),
    TIMESTAMP_TOO_NEW("timestamp_too_new"),
    /** The series table is full; known series go on. */
    SERIES_LIMIT("series_limit"),
    /** The metric has too many series; known series go on. */
    METRIC_SERIES_LIMIT("metric_series_limit"),
    /** The client has had too many new series; known series go on. */
    NEW_SERIES_LIMIT("new_series_limit"),
    /** Not a JSON object. */
    SHAPE("shape"),
    /** A line of NDJSON that is not JSON. */
    LINE("line");

    private final String text;

    RejectReason(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** A place in an array of counters. */
    @SuppressWarnings("EnumOrdinal") // never stored, never sent
    int slot() {
        return ordinal();
    }
}

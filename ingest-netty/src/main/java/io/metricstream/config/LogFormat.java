package io.metricstream.config;

/** How log lines look. */
public enum LogFormat {
    /** One line of text for people; a stack trace takes more lines. */
    TEXT,
    /** One JSON object a line. */
    JSON
}

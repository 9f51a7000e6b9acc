package io.metricstream.config;

/** What is logged: this level and those above it. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
}

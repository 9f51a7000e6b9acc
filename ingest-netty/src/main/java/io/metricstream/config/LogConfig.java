package io.metricstream.config;

/** How and what is logged. */
public record LogConfig(LogFormat format, LogLevel level) {}

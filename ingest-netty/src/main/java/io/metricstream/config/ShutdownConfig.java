package io.metricstream.config;

import java.time.Duration;

/**
 * The order of a stop.
 *
 * @param delay how long /ready answers 503 while the listener still takes connections
 * @param timeout how long requests in flight may take after that
 */
public record ShutdownConfig(Duration delay, Duration timeout) {}

/**
 * What one decision about one request costs.
 *
 * <p>Read first: {@link io.metricstream.limit.RateLimiterBenchmark}.
 *
 * <p>Threads: those of JMH. Owns: nothing. Must not come in: code that is shipped.
 */
package io.metricstream.limit;

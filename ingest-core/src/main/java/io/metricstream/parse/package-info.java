/**
 * From the bytes of a body in JSON, NDJSON or remote write to a batch of samples and a report of what was refused.
 *
 * <p>Read first: {@link io.metricstream.parse.MetricsParser}, the way in; {@link io.metricstream.parse.ParseReport}, what
 * it says; then {@code JacksonPath}, which decides alone what is accepted, {@code MetricFields}, the rules of one
 * metric, and {@code TextFollower}, which recognises the bytes of what Jackson has accepted before.
 *
 * <p>Threads: event loops; each has a parser of its own and shares nothing but the series table, which it only reads.
 *
 * <p>Owns: scratch arrays that grow to the largest metric seen and stay, and a bounded memory of texts.
 *
 * <p>Must not come in: HTTP, buffers of the network library, the ring, anything that waits.
 */
@NullMarked
package io.metricstream.parse;

import org.jspecify.annotations.NullMarked;

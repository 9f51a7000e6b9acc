/**
 * What the server counts about the samples that come to it, so that a user can check that none is missing.
 *
 * <p>Read first: {@link io.metricstream.stats.IngestStats}, with the sum that must always hold.
 *
 * <p>Threads: event loops count; whoever asks reads sums.
 *
 * <p>Owns: nothing but counters.
 *
 * <p>Must not come in: statistics of one room only (the ring, the log, HTTP); those belong to their rooms.
 */
@NullMarked
package io.metricstream.stats;

import org.jspecify.annotations.NullMarked;

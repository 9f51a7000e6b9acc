/**
 * The store: which parts and memory there are, what queries see of them, and the work behind: flushing, merging,
 * retention, deletion, snapshots.
 *
 * <p>Must not come in: the encoding of samples, HTTP, PromQL.
 */
@NullMarked
package io.metricstream.storage.store;

import org.jspecify.annotations.NullMarked;

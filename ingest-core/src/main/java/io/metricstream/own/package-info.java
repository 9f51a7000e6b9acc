/**
 * Who owns what: the vocabulary in which every other room says which thread may touch an object and who keeps a buffer.
 *
 * <p>Read first: {@link io.metricstream.own.OwnedBy} and {@link io.metricstream.own.Role}. A mutable class is either
 * {@code @OwnedBy} a role, or {@code @ThreadSafe} with a sentence that says how, or immutable. Parameters that are
 * arrays or buffers are {@code @Borrowed} or {@code @Transferred}.
 *
 * <p>Threads: {@link io.metricstream.own.ThreadOwner} is checked from any thread, inside {@code assert} only.
 *
 * <p>Owns: nothing.
 *
 * <p>Must not come in: anything with behaviour beyond these checks; no dependency on another room.
 */
@NullMarked
package io.metricstream.own;

import org.jspecify.annotations.NullMarked;

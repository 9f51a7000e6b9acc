/**
 * Several sources of samples laid over one another, the newest on top, less what was deleted.
 *
 * <p>Read first: {@link io.metricstream.storage.merge.MergedCursor}, which joins series, {@code MergedRuns}, which joins
 * the samples of one series, and {@link io.metricstream.storage.merge.Deletion}, with
 * {@link io.metricstream.storage.merge.DeletedCursor}, which hides what a deletion covers.
 *
 * <pre>
 *   memory, newest   --+
 *   part 9..12       --+--> MergedCursor: label order, the last value written for a time wins
 *   part 1..8 - del. --+
 * </pre>
 *
 * <p>Threads: a cursor belongs to the thread that opened it; deletions are immutable.
 *
 * <p>Owns: the cursors it joins, which it closes.
 *
 * <p>Must not come in: files, and which sources there are; that is the store's.
 */
@NullMarked
package io.metricstream.storage.merge;

import org.jspecify.annotations.NullMarked;

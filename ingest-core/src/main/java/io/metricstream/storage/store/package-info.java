/**
 * The store: which parts and memory there are, what queries see of them, and the work behind: flushing, merging,
 * retention, deletion, snapshots.
 *
 * <p>Read first: {@link io.metricstream.storage.store.Store}, then {@code PartSet} (what there is, and how that changes) and
 * {@code View} (what one question sees of it).
 *
 * <pre>
 *   frozen memtables --FlushQueue, Flusher--> parts by Partition --Compactor, Merger--> fewer parts, then none
 *                                                   |
 *   queries <--Reader-- View: memory over parts, less Deletions, within the RetentionEdge
 * </pre>
 *
 * <p>Threads: {@code flusher} adds parts, {@code compactor} replaces and drops them, an administrator deletes and makes
 * snapshots, queries read. They meet in {@code PartSet}, whose lists are immutable; a part that is replaced is closed when its
 * last reader lets go of it ({@code LivePart}).
 *
 * <p>Owns: the folders {@code parts} and {@code snapshots} of the data folder, the file {@code deletes}, and every open part.
 *
 * <p>Must not come in: the encoding of samples, HTTP, PromQL.
 */
@NullMarked
package io.metricstream.storage.store;

import org.jspecify.annotations.NullMarked;

/**
 * What is in memory of what is stored: the series and their refs, and the samples that are not in parts yet.
 *
 * <p>Read first: {@link io.metricstream.storage.head.Head}, what there is and when it is frozen; then
 * {@link io.metricstream.storage.head.Memtable} (samples) and {@link io.metricstream.storage.head.SeriesTable} (series).
 *
 * <pre>
 *   disk writer --append--> active memtable --freeze--> frozen memtables --> MemtableSink (parts)
 *                                  |                        |
 *   queries    <---------------- HeadSnapshot --------------+
 * </pre>
 *
 * <p>Threads: the disk writer adds series and appends samples, and start-up does before it; event loops look series up
 * while they parse; queries and the flusher read memtables at any time.
 *
 * <p>Owns: the bytes of every series key, and the pages of samples with the pool they come from.
 *
 * <p>Must not come in: files, and anything that knows of requests or clients.
 */
@NullMarked
package io.metricstream.storage.head;

import org.jspecify.annotations.NullMarked;

/**
 * What the server knows in memory of what it stores: for now, the series and their refs.
 *
 * <p>Read first: {@link io.metricstream.storage.head.SeriesTable}.
 *
 * <p>Threads: the disk writer adds; event loops look up while they parse.
 *
 * <p>Owns: the bytes of every series key.
 *
 * <p>Must not come in: files, and anything that knows of requests or clients.
 */
@NullMarked
package io.metricstream.storage.head;

import org.jspecify.annotations.NullMarked;

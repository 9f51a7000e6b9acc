/**
 * Files as the store sees them, and what can go wrong with them.
 *
 * <p>Read first: {@link io.metricstream.storage.Disk}, the one interface over all file calls, then
 * {@link io.metricstream.storage.StorageFailure} and {@link io.metricstream.storage.DurableFiles}.
 *
 * <p>Threads: a {@link io.metricstream.storage.DiskFile} belongs to one thread at a time; the rest is stateless.
 *
 * <p>Owns: the lock file of the data folder ({@link io.metricstream.storage.FolderLock}).
 *
 * <p>Must not come in: formats of files. Each has a room of its own below this one.
 */
@NullMarked
package io.metricstream.storage;

import org.jspecify.annotations.NullMarked;

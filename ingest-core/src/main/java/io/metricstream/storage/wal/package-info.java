/**
 * The write-ahead log: what was acknowledged is in it, in the order in which it was written.
 *
 * <p>Read first: docs/format/wal.md and {@link io.metricstream.storage.wal.Wal} (appending), then
 * {@link io.metricstream.storage.wal.WalReader} (reading, used by recovery, export, verification and followers) and
 * {@link io.metricstream.storage.wal.WalRecovery} (what a start does about damage).
 *
 * <p>Threads: the disk writer appends; start-up recovers before it; readers have objects of their own and stop at a
 * position that the writer has published. The thread {@code preallocator} fills the next segment with zeros.
 *
 * <p>Owns: the folders {@code wal} and {@code quarantine} of the data folder.
 *
 * <p>Must not come in: what samples mean. The log knows refs, times and values, not names.
 */
@NullMarked
package io.metricstream.storage.wal;

import org.jspecify.annotations.NullMarked;

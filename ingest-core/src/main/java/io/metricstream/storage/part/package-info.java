/**
 * Parts: immutable files with the samples and the label index of one partition and one stretch of the log.
 *
 * <p>Read first: docs/format/part.md, then {@link io.metricstream.storage.part.PartWriter} (a cursor becomes a file) and
 * {@link io.metricstream.storage.part.Part} (a file becomes cursors).
 *
 * <p>Threads: a writer lives inside one call; a part is read by any number of threads at once, each cursor by one.
 *
 * <p>Owns: the open files.
 *
 * <p>Must not come in: which parts there are, when they are merged or deleted; that is the store's.
 */
@NullMarked
package io.metricstream.storage.part;

import org.jspecify.annotations.NullMarked;

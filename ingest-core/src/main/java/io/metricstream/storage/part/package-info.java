/**
 * Parts: immutable files of samples, each with an index of its own series.
 *
 * <p>Read first: docs/format/part.md, then {@link io.metricstream.storage.part.PartWriter} (series in label order become a
 * file) and {@link io.metricstream.storage.part.Part} (a file answers queries). Everything in a file lies in pages
 * ({@code PartOutput}, {@code PartInput}), each with its checksum.
 *
 * <pre>
 *   header | sample pages, with series pages between them | value pages, postings pages | contents | trailer
 * </pre>
 *
 * <p>Threads: one thread writes a part; any number read it, each with cursors of its own.
 *
 * <p>Owns: one open file for each {@code Part}. Files are read by position, never mapped, so that a read error is an
 * error and not the end of the process.
 *
 * <p>Must not come in: which parts there are and what replaces what; that is the store's. The encoding of a block's
 * samples; that is {@code storage.block}'s.
 */
@NullMarked
package io.metricstream.storage.part;

import org.jspecify.annotations.NullMarked;

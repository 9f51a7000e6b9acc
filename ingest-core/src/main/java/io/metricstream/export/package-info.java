/**
 * Stored samples as text: JSON Lines in the shape of the first version, or CSV, once ({@code metricstream export}) or as
 * they come ({@code jsonl.path}).
 *
 * <p>Read first: {@link io.metricstream.export.Export} (from a {@link io.metricstream.export.SampleSource} to lines), then
 * {@link io.metricstream.export.JsonLinesFollower} and {@code JsonLinesRun} (the file that grows with the log).
 * {@link io.metricstream.export.FolderSamples} gives the samples of a folder to whoever computes queries from it.
 *
 * <p>Threads: an export belongs to the thread that runs it; the follower is the thread named {@code jsonl-writer}.
 *
 * <p>Owns: the JSON Lines file with its rotated predecessors, and the file that remembers how far it has come.
 *
 * <p>Must not come in: writing to the log, and anything that could hold up the disk writer.
 */
@NullMarked
package io.metricstream.export;

import org.jspecify.annotations.NullMarked;

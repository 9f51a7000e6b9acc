/**
 * Samples of one series as few bits: columns of times and of values, blocks of both, and pages of many blocks.
 *
 * <p>Read first: docs/format/part.md, section "Sample page"; then {@link io.metricstream.storage.block.BlockPageWriter} and
 * {@link io.metricstream.storage.block.BlockPageReader}, and below them {@code ColumnEncoder}, which decides how a column is
 * stored.
 *
 * <p>Threads: each object belongs to one thread; what has no state may be used by any.
 *
 * <p>Owns: arrays, and memory outside of the heap that is freed on close.
 *
 * <p>Must not come in: files and series names. A page knows its blocks by their order.
 */
@NullMarked
package io.metricstream.storage.block;

import org.jspecify.annotations.NullMarked;

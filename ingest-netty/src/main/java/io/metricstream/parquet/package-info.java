/**
 * Stored samples as a Parquet file.
 *
 * <p>Read first: {@link io.metricstream.parquet.ParquetExport}; {@code SampleRows} has the columns.
 *
 * <p>Threads: an export belongs to the thread that runs it.
 *
 * <p>Owns: the row group under way; where it goes is the caller's.
 *
 * <p>Must not come in: Hadoop. The library wants some of its classes, which parquet-floor has in their place.
 */
@NullMarked
package io.metricstream.parquet;

import org.jspecify.annotations.NullMarked;

package io.metricstream.parquet;

import io.metricstream.export.LineOutput;
import io.metricstream.export.SampleExport;
import io.metricstream.export.SampleSource;
import io.metricstream.export.SourceLoss;
import io.metricstream.model.Series;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Selection;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;

/**
 * Writes what is selected of a source as Parquet, once, row group by row group.
 *
 * <p>Thread: its creator. Limits: memory for a row group of {@value #ROW_GROUP_BYTES} bytes, and what grows with the series
 * that are selected, not with their samples.
 */
@OwnedBy(Role.MAIN)
public final class ParquetExport implements SampleExport {
    private static final long ROW_GROUP_BYTES = 16L << 20;
    private static final int PAGE_BYTES = 256 << 10;

    private final LineOutput output;
    private final long rowGroupBytes;
    private long samples;

    public ParquetExport(LineOutput output) {
        this(output, ROW_GROUP_BYTES);
    }

    ParquetExport(LineOutput output, long rowGroupBytes) {
        this.output = output;
        this.rowGroupBytes = rowGroupBytes;
    }

    @Override
    public SourceLoss run(SampleSource source, Selection selection, LongConsumer onProgress) throws StorageFailure {
        var builder = new Builder(new ParquetOutput(output).asFile())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(rowGroupBytes)
                .withPageSize(PAGE_BYTES);
        try (ParquetWriter<SampleRow> writer = builder.build()) {
            return source.read(selection, new Rows(writer), onProgress);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public long samples() {
        return samples;
    }

    private static StorageFailure failure(IOException e) {
        if (e.getCause() instanceof StorageFailure failure) {
            return failure;
        }
        throw new IllegalStateException("rows cannot be laid out", e);
    }

    /** Writes each sample as a row. */
    private final class Rows implements SampleSource.Sink {
        private final ParquetWriter<SampleRow> writer;
        private final Map<Integer, SampleRow.SeriesColumns> series = new HashMap<>();
        private final SampleRow row = new SampleRow();

        Rows(ParquetWriter<SampleRow> writer) {
            this.writer = writer;
        }

        @Override
        public void onSeries(int ref, Series of) {
            series.put(ref, SampleRow.SeriesColumns.of(of));
        }

        @Override
        public void onSample(int ref, long timestampMillis, double value) throws StorageFailure {
            SampleRow.SeriesColumns of = series.get(ref);
            if (of == null) {
                throw new IllegalStateException("a sample before its series: ref=" + ref);
            }
            row.series = of;
            row.timestampMillis = timestampMillis;
            row.value = value;
            try {
                writer.write(row);
            } catch (IOException e) {
                throw failure(e);
            }
            samples++;
        }
    }

    private static final class Builder extends ParquetWriter.Builder<SampleRow, Builder> {
        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // The library has no other that must not be left out.
        protected WriteSupport<SampleRow> getWriteSupport(Configuration configuration) {
            return new SampleRows();
        }
    }
}

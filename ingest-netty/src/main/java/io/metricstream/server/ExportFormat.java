package io.metricstream.server;

import io.metricstream.export.Export;
import io.metricstream.export.LineFormat;
import io.metricstream.export.LineOutput;
import io.metricstream.export.SampleExport;
import io.metricstream.parquet.ParquetExport;

/** What {@code export} writes. */
enum ExportFormat {
    JSONL,
    CSV,
    PARQUET;

    SampleExport to(LineOutput output) {
        return switch (this) {
            case JSONL -> new Export(LineFormat.JSONL, output);
            case CSV -> new Export(LineFormat.CSV, output);
            case PARQUET -> new ParquetExport(output);
        };
    }
}

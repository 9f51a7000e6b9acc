package io.metricstream.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.export.LineOutput;
import io.metricstream.export.SampleSource;
import io.metricstream.export.SourceLoss;
import io.metricstream.model.MetricType;
import io.metricstream.model.Series;
import io.metricstream.select.Selection;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written, as DuckDB reads it. */
final class ParquetExportTest {
    @TempDir
    private Path folder;

    /** Random series and samples, each of which it remembers as a text. */
    private static final class Made implements SampleSource {
        private final Random random;
        private final int samples;
        private final List<String> rows = new ArrayList<>();

        Made(long seed, int samples) {
            this.random = new Random(seed);
            this.samples = samples;
        }

        @Override
        public long sizeBytes() {
            return samples;
        }

        @Override
        public SourceLoss read(Selection selection, Sink sink, LongConsumer onProgress) throws StorageFailure {
            MetricType[] types = MetricType.values();
            List<String> series = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                Map<String, String> tags = new TreeMap<>();
                for (int tag = 0; tag < i % 5; tag++) {
                    tags.put("k\"é" + tag, random.nextInt(1000) + ",\n'\uD83D\uDE00");
                }
                var of = new Series(types[i % types.length], "metric." + i % 70, tags);
                sink.onSeries(i, of);
                series.add(of.name() + " " + of.type().text() + " " + new TreeMap<>(tags) + " ");
            }
            double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE};
            for (int i = 0; i < samples; i++) {
                int ref = random.nextInt(500);
                long time = random.nextLong() >> 16;
                double value = i % 50 == 0 ? special[i / 50 % special.length] : random.nextGaussian();
                sink.onSample(ref, time, value);
                rows.add(series.get(ref) + time + " " + value);
            }
            return SourceLoss.NONE;
        }
    }

    private Path write(SampleSource source) throws IOException, StorageFailure {
        Path file = folder.resolve("out.parquet");
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var export = new ParquetExport(
                    buffer -> {
                        try {
                            while (buffer.hasRemaining()) {
                                out.write(buffer);
                            }
                        } catch (IOException e) {
                            throw new StorageFailure.Io(file, "writing", e);
                        }
                    },
                    1 << 20);
            assertThat(export.run(source, Selection.ALL, bytes -> {})).isEqualTo(SourceLoss.NONE);
            assertThat(export.samples()).isEqualTo(source.sizeBytes());
        }
        return file;
    }

    private static List<String> rows(Statement duck, Path file) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet row =
                duck.executeQuery("SELECT epoch_ms(\"timestamp\"), name, type, value, map_keys(tags), map_values(tags)"
                        + " FROM read_parquet('" + file + "')")) {
            while (row.next()) {
                var tags = new TreeMap<String, Object>();
                Object[] keys = (Object[]) row.getArray(5).getArray();
                Object[] values = (Object[]) row.getArray(6).getArray();
                for (int i = 0; i < keys.length; i++) {
                    tags.put(keys[i].toString(), values[i]);
                }
                rows.add(row.getString(2) + " " + row.getString(3) + " " + tags + " " + row.getLong(1) + " "
                        + row.getDouble(4));
            }
        }
        return rows;
    }

    @Test
    void isReadRowByRowByDuckDb() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ParquetExportTest seed " + seed);
        var made = new Made(seed, 300_000);
        Path file = write(made);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement duck = connection.createStatement()) {
            List<String> rows = rows(duck, file);
            assertThat(rows).hasSameSizeAs(made.rows);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(rows.get(i)).as("row %d", i).isEqualTo(made.rows.get(i));
            }
            try (ResultSet type = duck.executeQuery(
                    "SELECT string_agg(column_name || ' ' || column_type, ', ') FROM (DESCRIBE SELECT * FROM '" + file
                            + "')")) {
                type.next();
                assertThat(type.getString(1))
                        .isEqualTo(
                                "timestamp TIMESTAMP WITH TIME ZONE, name VARCHAR, value DOUBLE, type VARCHAR, tags MAP(VARCHAR, VARCHAR)");
            }
            try (ResultSet groups = duck.executeQuery(
                    "SELECT count(DISTINCT row_group_id), max(row_group_num_rows) FROM parquet_metadata('" + file
                            + "')")) {
                groups.next();
                assertThat(groups.getInt(1)).isGreaterThan(3);
                assertThat(groups.getLong(2)).isLessThan(150_000);
            }
        }
    }

    @Test
    void isAFileWithoutRowsToo() throws Exception {
        Path file = write(new Made(1, 0));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement duck = connection.createStatement()) {
            assertThat(rows(duck, file)).isEmpty();
        }
        assertThat(Files.size(file)).isPositive();
    }

    @Test
    void failsAsItsOutputDoes() {
        Path nowhere = folder.resolve("nowhere");
        LineOutput full = buffer -> {
            throw new StorageFailure.DiskFull(nowhere, "writing");
        };
        var export = new ParquetExport(full, 1 << 20);
        assertThatThrownBy(() -> export.run(new Made(1, 300_000), Selection.ALL, bytes -> {}))
                .isInstanceOf(StorageFailure.DiskFull.class);
    }
}

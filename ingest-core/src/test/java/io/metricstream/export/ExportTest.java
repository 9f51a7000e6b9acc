package io.metricstream.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKeys;
import io.metricstream.select.Selection;
import io.metricstream.select.SelectorParser;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExportTest {
    private static final long T = 1_758_116_723_123L;

    @TempDir
    private Path folder;

    private TestLog log;

    @BeforeEach
    void open() throws StorageFailure {
        log = TestLog.open(new RealDisk(), folder);
    }

    @AfterEach
    void close() throws StorageFailure {
        log.close();
    }

    private static String export(LineFormat format, SampleSource source, Selection selection) throws StorageFailure {
        var text = new StringBuilder();
        var export = new Export(format, lines -> text.append(StandardCharsets.UTF_8.decode(lines)));
        assertThat(export.run(source, selection, bytes -> {}).isNone()).isTrue();
        return text.toString();
    }

    private String export(LineFormat format, Selection selection) throws StorageFailure {
        try (FolderSource source = FolderSource.open(new RealDisk(), folder)) {
            return export(format, source, selection);
        }
    }

    private SourceLoss run(Export export) throws StorageFailure {
        try (FolderSource source = FolderSource.open(new RealDisk(), folder)) {
            return export.run(source, Selection.ALL, bytes -> {});
        }
    }

    @Test
    void writesTheShapeOfTheFirstVersion() throws Exception {
        log.series(0, MetricType.GAUGE, "cpu_usage", Map.of("host", "server1"));
        log.series(1, MetricType.COUNTER, "requests", Map.of("b", "2", "a", "1"));
        log.series(2, MetricType.SUMMARY, "quoted \"\\\n\u0001 é😀", Map.of("tag \"", "a\tb"));
        log.wal()
                .appendSamples(
                        SeriesKeys.NONE,
                        new int[] {0, 1, 2, 0},
                        new long[] {T, -1, T, T + 1},
                        new double[] {75.5, 1e11, -0.0, 76},
                        4);
        log.commit();
        assertThat(export(LineFormat.JSONL, Selection.ALL)).isEqualTo("""
                        {"timestamp":"2025-09-17T13:45:23.123Z","name":"cpu_usage","value":75.5,"type":"gauge","tags":{"host":"server1"}}
                        {"timestamp":"1969-12-31T23:59:59.999Z","name":"requests","value":100000000000,"type":"counter","tags":{"a":"1","b":"2"}}
                        {"timestamp":"2025-09-17T13:45:23.123Z","name":"quoted \\"\\\\\\n\\u0001 é😀","value":-0.0,"type":"summary","tags":{"tag \\"":"a\\tb"}}
                        {"timestamp":"2025-09-17T13:45:23.124Z","name":"cpu_usage","value":76,"type":"gauge","tags":{"host":"server1"}}
                        """);
    }

    @Test
    void writesCsvWithAHeaderAndTagsAsJson() throws Exception {
        log.series(0, MetricType.GAUGE, "cpu_usage", Map.of("host", "server1", "note", "a,\"b\""));
        log.series(1, MetricType.GAUGE, "a,\"b\"", Map.of());
        log.wal()
                .appendSamples(
                        SeriesKeys.NONE, new int[] {0, 1}, new long[] {T, T}, new double[] {75.5, Double.NaN}, 2);
        log.commit();
        assertThat(export(LineFormat.CSV, Selection.ALL)).isEqualTo("""
                        timestamp,name,value,type,tags
                        2025-09-17T13:45:23.123Z,cpu_usage,75.5,gauge,"{""host"":""server1"",""note"":""a,\\""b\\""\""}"
                        2025-09-17T13:45:23.123Z,"a,""b""\",NaN,gauge,{}
                        """);
    }

    @Test
    void writesWordsForValuesThatAreNotFinite() throws Exception {
        log.series(0, MetricType.GAUGE, "x", Map.of());
        double stale = Double.longBitsToDouble(0x7ff0000000000002L);
        log.wal()
                .appendSamples(
                        SeriesKeys.NONE,
                        new int[4],
                        new long[4],
                        new double[] {stale, Double.NaN, 1 / 0.0, -1 / 0.0},
                        4);
        log.commit();
        assertThat(export(LineFormat.JSONL, Selection.ALL).lines())
                .extracting(line -> line.replaceAll(".*\"value\":(.*),\"type\".*", "$1"))
                .containsExactly("\"NaN\"", "\"NaN\"", "\"+Inf\"", "\"-Inf\"");
    }

    @Test
    void selectsSeriesAndTimes() throws Exception {
        log.series(0, MetricType.GAUGE, "cpu", Map.of("host", "a"));
        log.series(1, MetricType.GAUGE, "cpu", Map.of("host", "b"));
        log.series(2, MetricType.GAUGE, "mem", Map.of());
        for (int i = 0; i < 10; i++) {
            log.wal()
                    .appendSamples(
                            SeriesKeys.NONE,
                            new int[] {0, 1, 2},
                            new long[] {i, i, i},
                            new double[] {i, i + 10, i + 20},
                            3);
        }
        log.commit();
        var selection = new Selection(SelectorParser.parse("cpu{host!=\"a\"}"), 3, 5);
        assertThat(export(LineFormat.CSV, selection).lines().skip(1))
                .extracting(line -> line.split(",", -1)[2])
                .containsExactly("13", "14", "15");
        assertThat(export(LineFormat.CSV, new Selection(SelectorParser.parse("disk"), 0, 99)))
                .isEqualTo("timestamp,name,value,type,tags\n");
    }

    @Test
    void readsUpToTheEndThatTheLogHadAndNotFurther() throws Exception {
        log.series(0, MetricType.GAUGE, "x", Map.of());
        for (int i = 0; i < 20_000; i++) {
            log.sample(0, i, i);
        }
        log.commit();
        FolderSource source = FolderSource.open(new RealDisk(), folder);
        for (int i = 20_000; i < 30_000; i++) {
            log.sample(0, i, i);
        }
        log.commit();
        assertThat(new RealDisk().list(folder.resolve("wal"))).hasSizeGreaterThan(4);
        assertThat(export(LineFormat.JSONL, source, Selection.ALL).lines()).hasSize(20_000);
        source.close();
        assertThat(export(LineFormat.JSONL, Selection.ALL).lines()).hasSize(30_000);
    }

    @Test
    void givesBackNothingOfAnEmptyLog() throws Exception {
        assertThat(export(LineFormat.JSONL, Selection.ALL)).isEmpty();
    }

    @Test
    void saysWhatCouldNotBeRead() throws Exception {
        log.series(0, MetricType.GAUGE, "x", Map.of());
        byte[] newer = {99, 1, 'y', 0};
        log.wal().appendSeries(1, newer, 0, newer.length);
        log.commit();
        log.wal().appendSamples(SeriesKeys.NONE, new int[] {0, 1, 1}, new long[3], new double[3], 3);
        log.commit();
        log.sample(0, 1, 1);
        log.commit();
        var export = new Export(LineFormat.JSONL, lines -> {});
        SourceLoss loss = run(export);
        assertThat(loss).isEqualTo(new SourceLoss(0, 2));
        assertThat(export.samples()).isEqualTo(2);

        Path segment = folder.resolve("wal/00000001.wal");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[64 + 24 + 5] ^= 1;
        Files.write(segment, bytes);
        loss = run(export);
        assertThat(loss).isEqualTo(new SourceLoss(1, 4));
    }

    @Test
    void leavesNothingBehindWhereTheOutputFails() throws Exception {
        Path target = folder.resolve("out.jsonl");
        Files.writeString(target, "before");
        log.series(0, MetricType.GAUGE, "x", Map.of());
        log.sample(0, 1, 1);
        log.commit();
        try (ExportFile file = ExportFile.create(new RealDisk(), target)) {
            var full = new StorageFailure.DiskFull(target, "writing");
            var export = new Export(LineFormat.JSONL, lines -> {
                file.write(lines);
                throw full;
            });
            assertThatThrownBy(() -> run(export)).isSameAs(full);
        }
        assertThat(target).hasContent("before");
        assertThat(folder.resolve("out.jsonl.tmp")).doesNotExist();

        Files.writeString(folder.resolve("out.jsonl.tmp"), "left by a kill");
        try (ExportFile file = ExportFile.create(new RealDisk(), target)) {
            file.write(ByteBuffer.wrap("one\n".getBytes(StandardCharsets.UTF_8)));
            file.write(ByteBuffer.wrap("two\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(target).hasContent("before");
            file.publish();
        }
        assertThat(target).hasContent("one\ntwo\n");
        assertThat(List.of(folder.resolve("out.jsonl.tmp"))).noneMatch(Files::exists);
    }
}

package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.model.SeriesKeys;
import io.metricstream.server.CommandsTest.Run;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.Wal;
import io.metricstream.storage.wal.WalConfig;
import io.metricstream.storage.wal.WalRecovery;
import io.metricstream.storage.wal.WalReplay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of export, what it writes into files, and how it ends. */
final class ExportCommandTest {
    private static final long T = 1_758_116_723_123L;

    @TempDir
    private Path folder;

    private Path data;
    private Path out;

    @BeforeEach
    void store() throws Exception {
        data = folder.resolve("data");
        out = folder.resolve("out.txt");
        Wal log = new WalRecovery(new RealDisk(), data, LogRetention.open(new RealDisk(), data))
                .open(
                        new WalConfig(Durability.FSYNC, 64 << 10, 0),
                        new Forgetful(),
                        (done, total) -> {},
                        Executors.newSingleThreadExecutor(),
                        NanoClock.system())
                .log();
        try (log) {
            byte[] cpu = SeriesKey.of(MetricType.GAUGE, "cpu_usage", Map.of("host", "server1"));
            byte[] dotted = SeriesKey.of(MetricType.COUNTER, "my.metric", Map.of());
            log.appendSeries(0, cpu, 0, cpu.length);
            log.appendSeries(1, dotted, 0, dotted.length);
            log.commit();
            log.appendSamples(
                    SeriesKeys.NONE, new int[] {0, 1, 0}, new long[] {T, T, T + 1000}, new double[] {75.5, 7, 76}, 3);
            log.commit();
        }
    }

    private record Forgetful() implements WalReplay {
        @Override
        public void onSeries(int ref, byte[] key, int offset, int length) {}

        @Override
        public void onSamples(long sequence, int count, int[] refs, long[] timestampsMillis, double[] values) {}
    }

    private Run export(String... options) {
        String[] args = new String[options.length + 5];
        args[0] = "export";
        args[1] = "--data";
        args[2] = data.toString();
        args[3] = "--output";
        args[4] = out.toString();
        System.arraycopy(options, 0, args, 5, options.length);
        return CommandsTest.run(args);
    }

    private void refuses(Run run, String... problems) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(problems.length);
        assertThat(run.err()).contains(problems);
        assertThat(out).doesNotExist();
    }

    @Test
    void writesAFileInTheShapeOfTheFirstVersion() {
        Run run = export("--match", "cpu_usage{host=\"server1\"}", "--to", "2025-09-17T13:45:24Z");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(out).hasContent("""
                        {"timestamp":"2025-09-17T13:45:23.123Z","name":"cpu_usage","value":75.5,"type":"gauge","tags":{"host":"server1"}}
                        """);
        assertThat(run.err()).contains("exported 1 samples to " + out);
        assertThat(out.resolveSibling("out.txt.tmp")).doesNotExist();
    }

    @Test
    void writesCsvAndReplacesWhatWasThere() throws Exception {
        Files.writeString(out, "before");
        assertThat(export("--format", "csv", "--match", "{\"my.metric\"}").exitCode())
                .isZero();
        assertThat(out).hasContent("timestamp,name,value,type,tags\n2025-09-17T13:45:23.123Z,my.metric,7,counter,{}\n");
    }

    @Test
    void writesParquet() throws Exception {
        Run run = export("--format", "parquet");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("exported 3 samples to " + out);
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement asked = duck.createStatement();
                ResultSet rows =
                        asked.executeQuery("SELECT name, sum(value), min(epoch_ms(\"timestamp\")), any_value(type),"
                                + " any_value(tags['host']) FROM '" + Files.move(out, folder.resolve("out.parquet"))
                                + "' GROUP BY name ORDER BY name")) {
            rows.next();
            assertThat(List.of(
                            rows.getString(1),
                            rows.getDouble(2),
                            rows.getLong(3),
                            rows.getString(4),
                            rows.getString(5)))
                    .containsExactly("cpu_usage", 151.5, T, "gauge", "server1");
            rows.next();
            assertThat(List.of(rows.getString(1), rows.getDouble(2), rows.getLong(3), rows.getString(4)))
                    .containsExactly("my.metric", 7.0, T, "counter");
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void fromIsIncludedAndToIsNot() throws Exception {
        assertThat(export("--from", String.valueOf(T), "--to", String.valueOf(T + 1000), "--format", "csv")
                        .exitCode())
                .isZero();
        assertThat(Files.readString(out)).contains(",75.5,", ",7,").doesNotContain(",76,");
        assertThat(export("--from", "-1h", "--format", "csv").exitCode()).isZero();
        assertThat(out).hasContent("timestamp,name,value,type,tags\n");
    }

    @Test
    void saysAllThatIsWrongAtOnceAndWritesNothing() {
        refuses(
                export("--match", "my.metric", "--from", "x", "--to", "-1x", "--format", "xml"),
                "metricstream: --from: found \"x\", wanted a time such as 2025-09-17T13:45:23Z",
                "metricstream: --to: found \"-1x\", wanted a time",
                "metricstream: --match: character 3: found \".\", wanted { or the end",
                "metricstream: --format: found \"xml\", wanted one of jsonl, csv, parquet");
        refuses(export("--from", "-1h", "--to", "-2h"), "--to: found -2h, wanted a time after that of --from");
        refuses(export("--from", "5", "--to", "5"), "--to: found 5, wanted a time after that of --from");
        refuses(
                export("--to", "-9223372036854775808"),
                "--to: found -9223372036854775808, wanted a time after that of --from");
        refuses(export("--match", "{a=~\"(\"}"), "--match: character 5: not a regular expression");
    }

    @Test
    void wantsADataFolderAndAPlaceForTheFile() {
        Path here = folder;
        refuses(
                CommandsTest.run("export", "--data", here.toString()),
                "--data: " + here + ": found no folder wal or parts in it, wanted a data folder");
        refuses(
                CommandsTest.run(
                        "export",
                        "--data",
                        data.toString(),
                        "-o",
                        here.resolve("no/file").toString()),
                "--output: found no folder " + here.resolve("no") + ", wanted one that exists");
        refuses(
                CommandsTest.run("export", "--data", data.toString(), "-o", here.toString()),
                "--output: found the folder " + here + ", wanted a file");
    }

    @Test
    void takesTheFolderFromTheConfiguration() {
        Run run = CommandsTest.run("export", "--set", "data.dir=" + data, "-o", out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(out).isNotEmptyFile();
    }

    @Test
    void writesThroughLinksAndIntoDevices() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), out);
        Files.writeString(out, "before");
        assertThat(CommandsTest.run("export", "--data", data.toString(), "-o", link.toString())
                        .exitCode())
                .isZero();
        assertThat(link).isSymbolicLink();
        assertThat(Files.readAllLines(out)).hasSize(3);
        Path device = Path.of("/dev/null");
        assertThat(CommandsTest.run("export", "--data", data.toString(), "-o", device.toString())
                        .exitCode())
                .isZero();
        assertThat(Files.isRegularFile(device)).isFalse();
    }

    @Test
    void saysThatSomethingCouldNotBeRead() throws Exception {
        Path segment = data.resolve("wal/00000001.wal");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[64 + 24 + 6] ^= 1;
        Files.write(segment, bytes);
        Run run = export();
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .contains("cannot be read: damaged-places=1, samples-without-series=2; metricstream verify " + data);
        assertThat(Files.readAllLines(out)).hasSize(1);
    }
}

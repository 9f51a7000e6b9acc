package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What is stored outlives restarts and kills, and what is deleted stays away. */
final class StoreIT {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ADMIN = "/api/v1/admin/tsdb/";

    @TempDir
    private Path folder;

    private final NumberedClient client = new NumberedClient(0, SEED);
    private int starts;

    /** With so little memory that much of what is written becomes parts at once. */
    private ServerProcess start(Path data) throws Exception {
        return ServerProcess.start(
                        data,
                        folder.resolve("server" + starts++ + ".log"),
                        "--rate-limit",
                        "0",
                        "--set",
                        "head.max-bytes=1MiB",
                        "--set",
                        "wal.segment=256KiB")
                .awaitReady();
    }

    private void write(ServerProcess server, int samples) throws Exception {
        int wanted = client.acknowledged().cardinality() + samples;
        while (client.acknowledged().cardinality() < wanted) {
            assertThat(client.postOne(server).statusCode()).isEqualTo(200);
        }
    }

    private static void delete(ServerProcess server, String selector, String range) throws Exception {
        String target = "delete_series?match[]=" + URLEncoder.encode(selector, StandardCharsets.UTF_8) + range;
        HttpResponse<String> answer = server.post(ADMIN + target.replace("[]", "%5B%5D"), "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    /** The numbers of all samples that an export gives. */
    private static BitSet exported(Path data) throws Exception {
        var numbers = new BitSet();
        ExportProcess.lines(data)
                .lines()
                .forEach(line -> numbers.set(JSON.readTree(line).get("value").intValue()));
        return numbers;
    }

    private static List<String> names(Path data) throws Exception {
        try (Stream<Path> files = Files.list(data)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void verify(Path data, String summary) {
        CommandsTest.Run run = CommandsTest.run("verify", data.toString());
        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.out()).contains(summary, "sound");
    }

    @Test
    void keepsEverythingOverRestartsAndKills() throws Exception {
        System.out.println("StoreIT: seed=" + SEED);
        Path data = folder.resolve("data");
        for (int round = 0; round < 3; round++) {
            try (ServerProcess server = start(data)) {
                write(server, 60_000);
                assertThat(server.scrape("metricstream_store_flushes_total")).isPositive();
                server.kill();
            }
            assertThat(exported(data)).as("after a kill").isEqualTo(client.acknowledged());
            verify(data, "segments=");
            try (ServerProcess server = start(data)) {
                assertThat(server.scrape("metricstream_recovery_damages")).isZero();
                assertThat(server.scrape("metricstream_recovery_orphans")).isZero();
                write(server, 1000);
                assertThat(server.terminate()).isZero();
            }
            assertThat(exported(data)).as("after a stop").isEqualTo(client.acknowledged());
            assertThat(data.resolve("wal")).as("after a stop").isEmptyDirectory();
            assertThat(names(data)).containsExactly("checkpoint", "lock", "parts", "wal");
            verify(data, "findings=0\nsegments=0 records=0");
        }
    }

    @Test
    void keepsDeletedSamplesAway() throws Exception {
        Path data = folder.resolve("data");
        try (ServerProcess server = start(data)) {
            write(server, 12_000);
            delete(server, "numbered{part=\"0\"}", "");
            delete(server, "nothing{part=\"1\"}", "");
            delete(server, "{part=\"1\"}", "&start=0&end=1");
            server.kill();
        }
        BitSet left = client.acknowledged();
        left.clear(0, 5000);
        assertThat(exported(data)).as("before a start").isEqualTo(left);
        try (ServerProcess server = start(data)) {
            assertThat(exported(data)).as("after a start").isEqualTo(left);
            write(server, 1000);
            delete(server, "{client=\"0\",part!=\"1\"}", "");
            left = client.acknowledged();
            int writtenBefore = left.length();
            left.clear(0, 5000);
            left.clear(10_000, writtenBefore);
            assertThat(exported(data)).as("while the server runs").isEqualTo(left);
            write(server, 1000);
            BitSet later = client.acknowledged();
            later.clear(0, writtenBefore);
            left.or(later);
            assertThat(exported(data)).as("what is written later stays").isEqualTo(left);
            assertThat(server.terminate()).isZero();
        }
        assertThat(exported(data)).as("after a stop").isEqualTo(left);
    }

    @Test
    void startsOnASnapshot() throws Exception {
        Path data = folder.resolve("data");
        String name;
        BitSet before;
        try (ServerProcess server = start(data)) {
            write(server, 30_000);
            delete(server, "{part=\"2\"}", "");
            before = client.acknowledged();
            before.clear(10_000, 15_000);
            HttpResponse<String> answer = server.post(ADMIN + "snapshot", "");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(server.get(ADMIN + "snapshot").statusCode()).isEqualTo(405);
            name = JSON.readTree(answer.body()).get("data").get("name").asString();
            write(server, 5000);
            assertThat(server.terminate()).isZero();
        }
        Path snapshot = data.resolve("snapshots").resolve(name);
        assertThat(exported(snapshot)).isEqualTo(before);
        verify(snapshot, "findings=0");
        try (ServerProcess server = start(snapshot)) {
            write(server, 1000);
            server.kill();
        }
        try (ServerProcess server = start(snapshot)) {
            assertThat(server.scrape("metricstream_recovery_damages")).isZero();
            assertThat(server.terminate()).isZero();
        }
        BitSet more = client.acknowledged();
        more.clear(0, more.length() - 1000);
        BitSet found = exported(snapshot);
        assertThat(found.cardinality()).isGreaterThanOrEqualTo(before.cardinality() + 1000);
        found.and(more);
        assertThat(found).isEqualTo(more);
    }

    @Test
    void deletesWhatAnEndedProcessLeftUnfinished() throws Exception {
        Path data = folder.resolve("data");
        Path day = Files.createDirectories(data.resolve("snapshots/20260101T000000Z-00.tmp/parts/2026-01-01_1d"));
        Files.writeString(day.resolve("x.part"), "half");
        Path partition = Files.createDirectories(data.resolve("parts/2026-01-01_1d"));
        Files.writeString(partition.resolve("x.part.tmp"), "half");
        Files.writeString(partition.resolve("y.part"), "none at all");
        Files.writeString(data.resolve("checkpoint.tmp"), "half");
        Files.writeString(data.resolve("deletes.tmp"), "half");
        try (ServerProcess server = start(data)) {
            assertThat(data.resolve("snapshots")).isEmptyDirectory();
            assertThat(partition).doesNotExist();
            assertThat(data.resolve("quarantine")).isDirectoryContaining("glob:**y.part");
            assertThat(data).isDirectoryNotContaining("glob:**.tmp");
            assertThat(server.scrape("metricstream_store_damaged_parts_total")).isEqualTo(1);
            assertThat(server.terminate()).isZero();
        }
    }
}

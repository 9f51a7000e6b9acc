package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.server.CommandsTest.Run;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.wal.Checkpoint;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Damage of every kind of file is found, named and set aside; and folders made of snapshots, on real servers' folders. */
final class RepairIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long SEED = Long.getLong("seed", 1);

    @TempDir
    private Path folder;

    private final NumberedClient client = new NumberedClient(0, SEED);
    private int starts;

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

    /** Parts, a log, a checkpoint and deletions, as a kill leaves them. */
    private Path killed() throws Exception {
        Path data = folder.resolve("data");
        try (ServerProcess server = start(data)) {
            write(server, 30_000);
            assertThat(server.post("/api/v1/admin/tsdb/delete_series?match%5B%5D=nothing", "")
                            .statusCode())
                    .isEqualTo(204);
            write(server, 6000);
            server.kill();
        }
        return data;
    }

    private static BitSet exported(Path data) throws Exception {
        var numbers = new BitSet();
        ExportProcess.lines(data)
                .lines()
                .forEach(line -> numbers.set(JSON.readTree(line).get("value").intValue()));
        return numbers;
    }

    private static List<Path> files(Path data, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(path -> path.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) at] ^= 0x10;
        Files.write(file, bytes);
    }

    private static String run(int exitCode, String... args) {
        Run run = CommandsTest.run(args);
        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(exitCode);
        return run.out() + run.err();
    }

    /** What was found is set aside, what is left is sound and served, and another run finds nothing. */
    private String repairs(Path data) throws Exception {
        String repaired = run(0, "repair", data.toString());
        assertThat(repaired).contains("sound now");
        assertThat(run(0, "verify", data.toString())).contains("findings=0", "sound");
        assertThat(run(0, "repair", data.toString())).isEqualTo("sound: nothing to repair\n");
        return repaired;
    }

    private void servesWhatIsLeft(Path data) throws Exception {
        BitSet left = exported(data);
        try (ServerProcess server = start(data)) {
            assertThat(server.scrape("metricstream_recovery_damages")).isZero();
            assertThat(server.scrape("metricstream_store_damaged_parts_total")).isZero();
            assertThat(server.terminate()).isZero();
        }
        assertThat(exported(data)).isEqualTo(left);
    }

    @Test
    void setsAPartAsideAndSaysWhatItHeld() throws Exception {
        System.out.println("RepairIT: seed=" + SEED);
        Path data = killed();
        BitSet before = exported(data);
        Path part = files(data, ".part").get(0);
        flip(part, Files.size(part) / 3);
        String found = run(4, "verify", data.toString());
        assertThat(found).contains(part + ": damaged file: path=" + part, "findings=1", "damaged");
        String repaired = repairs(data);
        assertThat(repaired).containsPattern("lost: samples=\\d+ of \\d+, series up to=\\d+, from=20.*Z, to=20.*Z");
        long lost = Long.parseLong(repaired.replaceAll("(?s).*samples-lost-with-parts=(\\d+).*", "$1"));
        assertThat(lost).isPositive();
        assertThat(before.cardinality() - exported(data).cardinality()).isEqualTo((int) lost);
        assertThat(data.resolve("quarantine")).isDirectoryContaining("glob:**" + part.getFileName());
        servesWhatIsLeft(data);
    }

    @Test
    void setsAsideEveryKindOfFileAtOnce() throws Exception {
        Path data = killed();
        BitSet before = exported(data);
        Path part = files(data, ".part").get(0);
        flip(part, Files.size(part) - 3);
        flip(data.resolve("deletes"), 20);
        flip(data.resolve("checkpoint"), 20);
        assertThat(run(4, "verify", data.toString()))
                .contains(
                        part + ": ",
                        data.resolve("deletes") + ": damaged file",
                        data.resolve("checkpoint") + ": damaged file",
                        "findings=3",
                        "damaged");
        assertThat(repairs(data))
                .contains(
                        "files-set-aside=3", "lost: the samples of this part", "lost: the deletions", "lost: nothing");
        assertThat(files(data.resolve("quarantine"), "")).hasSize(4);
        keepsSomeOf(before, data);
    }

    @Test
    void mendsTheLog() throws Exception {
        Path data = killed();
        BitSet before = exported(data);
        Path segment = files(data, ".wal").get(0);
        flip(segment, lastRecords(segment));
        assertThat(run(4, "verify", data.toString()))
                .contains(
                        "records cannot be read: file=" + segment.getFileName() + ", offset=", "findings=0", "damaged");
        assertThat(repairs(data)).contains("files-set-aside=0").containsPattern("log-records-lost=[1-9]");
        assertThat(files(data.resolve("quarantine"), ".damaged")).hasSize(1);
        keepsSomeOf(before, data);
    }

    /** A place within the last records but a few, behind which there is nothing but zeros. */
    private static long lastRecords(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return end - 8000;
    }

    private void keepsSomeOf(BitSet before, Path data) throws Exception {
        BitSet left = exported(data);
        assertThat(left.cardinality()).isPositive().isLessThan(before.cardinality());
        left.andNot(before);
        assertThat(left).as("invented").matches(BitSet::isEmpty);
        servesWhatIsLeft(data);
    }

    @Test
    void saysThatTheBeginningOfTheLogIsMissing() throws Exception {
        Path data = killed();
        new Checkpoint(0, 0).write(new RealDisk(), data);
        assertThat(run(4, "verify", data.toString())).contains("records are missing");
        assertThat(run(4, "repair", data.toString()))
                .containsPattern("log-records-lost=[1-9]")
                .contains("not all of it could be repaired");
        try (ServerProcess server = start(data)) {
            assertThat(server.terminate()).isZero();
        }
        assertThat(run(0, "repair", data.toString())).isEqualTo("sound: nothing to repair\n");
    }

    @Test
    void refusesAFolderInUseAndANewerFormat() throws Exception {
        Path data = folder.resolve("data");
        try (ServerProcess server = start(data)) {
            write(server, 20_000);
            assertThat(run(1, "repair", data.toString())).contains("is in use by a server");
            assertThat(server.terminate()).isZero();
        }
        Path part = files(data, ".part").get(0);
        byte[] newer = Files.readAllBytes(part);
        newer[8]++;
        var crc = new CRC32C();
        crc.update(newer, 0, 12);
        for (int i = 0; i < 4; i++) {
            newer[12 + i] = (byte) (crc.getValue() >>> (8 * i));
        }
        Files.write(part, newer);
        assertThat(run(1, "repair", data.toString())).contains("unsupported file", "format version");
        assertThat(part).hasBinaryContent(newer);
        assertThat(data.resolve("quarantine")).doesNotExist();
        assertThat(run(2, "repair", folder.resolve("none").toString())).contains("wanted a data folder");
    }

    @Test
    void restoresASnapshotByLinks() throws Exception {
        Path data = folder.resolve("data");
        Path snapshot;
        BitSet before;
        try (ServerProcess server = start(data)) {
            write(server, 30_000);
            before = client.acknowledged();
            HttpResponse<String> answer = server.post("/api/v1/admin/tsdb/snapshot", "");
            snapshot = data.resolve("snapshots")
                    .resolve(
                            JSON.readTree(answer.body()).get("data").get("name").asString());
            write(server, 1000);
            assertThat(run(1, "restore", snapshot.toString(), "--data", data.toString()))
                    .contains("found files in it, wanted an empty folder");
            assertThat(server.terminate()).isZero();
        }
        Path restored = folder.resolve("some/where");
        assertThat(run(0, "restore", snapshot.toString(), "--data", restored.toString()))
                .contains("linked=" + files(snapshot, ".part").size(), "copied=0");
        assertThat(exported(restored)).isEqualTo(before);
        servesWhatIsLeft(restored);
        assertThat(run(0, "verify", snapshot.toString())).contains("sound");
        assertThat(run(1, "restore", snapshot.toString(), "--data", restored.toString()))
                .contains("found files in it");
        interrupts(snapshot, before);
        refusesDamage(snapshot);
    }

    /** A restore that was cut off is refused by everything but another restore. */
    private void interrupts(Path snapshot, BitSet before) throws Exception {
        Path half = folder.resolve("half");
        Path day = Files.createDirectories(half.resolve("parts/2020-01-01_1d"));
        Files.writeString(day.resolve("x.part"), "half");
        Files.writeString(half.resolve("restore-unfinished"), "of a snapshot");
        for (String command : List.of("verify", "repair")) {
            assertThat(run(2, command, half.toString())).contains("a restore left");
        }
        assertThat(run(2, "export", "--data", half.toString())).contains("a restore left");
        assertThat(run(1, "serve", "--port", "0", "--data", half.toString())).contains("a restore left");
        run(0, "restore", snapshot.toString(), "--data", half.toString());
        assertThat(exported(half)).isEqualTo(before);
        assertThat(half.resolve("restore-unfinished")).doesNotExist();
        assertThat(day).doesNotExist();
    }

    private void refusesDamage(Path snapshot) throws Exception {
        var parts = new ArrayList<>(files(snapshot, ".part"));
        flip(parts.get(0), Files.size(parts.get(0)) / 2);
        Path target = folder.resolve("never");
        assertThat(run(4, "restore", snapshot.toString(), "--data", target.toString()))
                .contains("findings=1", "nothing was restored");
        assertThat(files(target, ".part")).isEmpty();
        assertThat(run(1, "restore", folder.toString(), "--data", target.toString()))
                .contains("found no finished snapshot");
    }
}

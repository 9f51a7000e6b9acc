package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real export beside the real server, and after it. */
final class ExportIT {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private final NumberedClient client = new NumberedClient(0, SEED);

    /** The numbers in exported lines, each of which comes once and as it was sent. */
    private static BitSet numbers(String lines) {
        var numbers = new BitSet();
        lines.lines().forEach(line -> {
            JsonNode sample = JSON.readTree(line);
            int number = sample.get("value").intValue();
            assertThat(numbers.get(number)).as(line).isFalse();
            numbers.set(number);
            assertThat(sample.get("name").stringValue()).isEqualTo("numbered");
            assertThat(sample.get("type").stringValue()).isEqualTo("gauge");
            assertThat(sample.get("tags").get("client").stringValue()).isEqualTo("0");
        });
        return numbers;
    }

    private static void assertContains(BitSet all, BitSet part, String what) {
        BitSet missing = (BitSet) part.clone();
        missing.andNot(all);
        assertThat(missing.toString()).as(what).isEqualTo("{}");
    }

    @Test
    void givesEveryAcknowledgedSampleWhileTheServerRunsAndAfterAKill() throws Exception {
        System.out.println("ExportIT: seed=" + SEED);
        Path data = folder.resolve("data");
        try (ServerProcess server = ServerProcess.start(
                        data,
                        folder.resolve("server.log"),
                        "--rate-limit",
                        "0",
                        "--set",
                        "wal.segment=256k",
                        "--set",
                        "head.max-bytes=1m")
                .awaitReady()) {
            for (int round = 0; round < 2; round++) {
                do {
                    client.postOne(server);
                } while (client.acknowledged().cardinality() < 40_000 * (round + 1));
                BitSet before = client.acknowledged();
                CompletableFuture<ExportProcess.Result> export = ExportProcess.start(data);
                while (!export.isDone()) {
                    client.postOne(server);
                }
                assertThat(export.join().err()).isEmpty();
                BitSet exported = numbers(export.join().out());
                assertContains(exported, before, "acknowledged before the export and not in it");
                assertContains(client.sent(), exported, "in the export and never sent");
            }
            server.kill();
        }
        BitSet exported = numbers(ExportProcess.lines(data));
        assertContains(exported, client.acknowledged(), "acknowledged and not exported after a kill");
        assertContains(client.sent(), exported, "in the export and never sent");
    }

    @Test
    void selectsWritesFilesAndEndsQuietlyWhereTheReaderHasEnough() throws Exception {
        Path data = folder.resolve("data");
        try (ServerProcess server = ServerProcess.start(data, folder.resolve("server.log"), "--rate-limit", "0")
                .awaitReady()) {
            while (client.acknowledged().cardinality() < 11_000) {
                client.postOne(server);
            }
            assertThat(server.terminate()).isZero();
        }
        String all = ExportProcess.lines(data);
        assertThat(numbers(all)).isEqualTo(client.acknowledged());

        Path file = folder.resolve("out.jsonl");
        ExportProcess.Result result = ExportProcess.start(
                        data, "--match", "numbered{part=~\"[1x]\"}", "--output", file.toString())
                .join();
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).contains("exported 5000 samples to " + file);
        assertThat(result.out()).isEmpty();
        assertThat(Files.readString(file).lines()).hasSize(5_000).allMatch(all::contains);

        String pipe = "set -o pipefail; " + String.join(" ", ExportProcess.METRICSTREAM) + " export --data " + data
                + " | head -n 1";
        result = ExportProcess.start(List.of("bash", "-c", pipe)).join();
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(all).startsWith(result.out());
        assertThat(result.out().lines()).hasSize(1);
    }
}

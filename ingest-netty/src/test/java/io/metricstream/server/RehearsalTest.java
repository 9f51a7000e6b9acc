package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.metricstream.config.ServerConfig;
import io.metricstream.http.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The warm-up: that it does what it should, ends when it should, and leaves nothing behind. */
final class RehearsalTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private ServerConfig config(String... settings) throws Exception {
        return LiveServer.config(folder, settings);
    }

    @Test
    void everyRequestIsAnsweredAsItMustBe() throws Exception {
        for (String setting : List.of("rate-limit.requests=0", "rate-limit.requests=10", "durability=memory")) {
            try (RehearsalStage stage = RehearsalStage.open(config(setting), "key");
                    RehearsalClient client = RehearsalClient.connect(stage.port(), 16)) {
                var script = new RehearsalScript("key", System.currentTimeMillis());
                // So many that each kind has its turn; a round fails where an answer is not what it must be.
                for (int round = 0; round < 40; round++) {
                    client.round(script::next);
                }
                assertThat(client.answered()).isEqualTo(40 * 16);
            }
        }
    }

    @Test
    void everyQueryIsAnsweredAsItMustBe() throws Exception {
        long now = System.currentTimeMillis();
        try (RehearsalStage stage = RehearsalStage.open(config(), "key");
                RehearsalClient client = RehearsalClient.connect(stage.port(), 2)) {
            stage.store(now);
            var queries = new RehearsalQueries("key", now);
            for (int round = 0; round < 200; round++) {
                client.round(queries::next);
            }
            assertThat(client.answered()).isEqualTo(200 * 2);
        }
    }

    @Test
    void queriesFindSamplesInPartsAndInMemory() throws Exception {
        long now = System.currentTimeMillis();
        try (RehearsalStage stage = RehearsalStage.open(config(), "key");
                var client = io.metricstream.http.RawClient.connect(stage.port())) {
            stage.store(now);
            String query = "/api/v1/query?query=count_over_time(" + RehearsalStore.GAUGE
                    + "%7Bhost=%22host_3%22%7D[1h])" + "&time=" + now / 1000.0;
            assertThat(client.send(Requests.get(query, "Authorization: Bearer key"))
                            .answer()
                            .text())
                    .contains("\"" + RehearsalStore.POINTS + "\"");
        }
    }

    @Test
    void nobodyElseGetsIn() throws Exception {
        try (RehearsalStage stage = RehearsalStage.open(config(), "key");
                var stranger = io.metricstream.http.RawClient.connect(stage.port())) {
            assertThat(stranger.send(Requests.post(Requests.ONE)).answer().status())
                    .isEqualTo(401);
            assertThat(stranger.send(Requests.post(Requests.ONE, "Authorization: Bearer kez"))
                            .answer()
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void nothingOfItShows() throws Exception {
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(log);
        try (LiveServer server = LiveServer.start(folder, "warm-up=1s")) {
            assertThat(server.awaitWarm()).isTrue();
            String stats = server.ask(Requests.get("/metrics")).text();
            assertThat(stats)
                    .contains("\"metrics_received\":0,", "\"batches_processed\":0,", "\"validation_errors\":0,")
                    .contains("\"series\":0,", "\"clients\":0");
            String exposition =
                    server.ask(Requests.get("/metrics", "Accept: text/plain")).text();
            assertThat(exposition)
                    .contains("metricstream_samples_received_total 0.0")
                    .doesNotContain("rehears");
            assertThat(threads("rehearsal")).isEmpty();
            assertThat(threads("disk-writer")).hasSize(1);
            assertThat(threads("flusher")).hasSize(1);
            assertThat(threads("compactor")).hasSize(1);
            assertThat(threads("event-loop")).hasSizeLessThanOrEqualTo(2);
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(line -> line.contains("rehears") || line.contains("answered"));
        assertThat(CommandsTest.run("verify", folder.toString()).out())
                .contains("series=0 samples=0")
                .contains("sound");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsOnly("lock", "wal", "checkpoint");
        }
    }

    private static List<String> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.startsWith(name))
                .toList();
    }

    @Test
    void endsAtOnceWhereClientsWrite() throws Exception {
        Rehearsal rehearsal = Rehearsal.start(config(), LONG, () -> true);
        assertThat(rehearsal.awaitEnd(PATIENCE)).isTrue();
        assertThat(rehearsal.answered()).isZero();
        try (LiveServer server = LiveServer.start(folder, "warm-up=10m")) {
            assertThat(server.ask(Requests.post(Requests.ONE)).status()).isEqualTo(200);
            assertThat(server.awaitWarm()).isTrue();
        }
    }

    @Test
    void endsWhenItIsStopped() throws Exception {
        Rehearsal rehearsal = Rehearsal.start(config(), LONG, () -> false);
        rehearsal.stop();
        assertThat(rehearsal.awaitEnd(PATIENCE)).isTrue();
    }

    @Test
    void endsWithItsTime() throws Exception {
        Rehearsal rehearsal = Rehearsal.start(config(), Duration.ofMillis(200), () -> false);
        assertThat(rehearsal.awaitEnd(PATIENCE)).isTrue();
        assertThat(rehearsal.answered()).isPositive();
    }

    @Test
    void zeroIsOff() throws Exception {
        try (LiveServer server = LiveServer.start(folder, "warm-up=0")) {
            assertThat(server.awaitWarm()).isFalse();
        }
    }
}

package io.metricstream.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Runs against servers that behave as no real one should. */
final class LoadRunTest {
    private static final int SAMPLES = 10;
    private static final Stage FLAT_OUT = new Stage(0, Duration.ofMillis(200));
    private static final Stage UNTIL_STOPPED = new Stage(0, Duration.ofHours(1));
    private static final Stage PACED = new Stage(100, Duration.ofMillis(300));

    private final List<StageResult> results = new ArrayList<>();

    private static LoadPlan plan(URI server, boolean retry, Duration timeout, Stage... stages) {
        return new LoadPlan(
                server,
                List.of("load-a", "load-b", "load-c"),
                false,
                2,
                new FleetPlan(20, 1),
                SAMPLES,
                false,
                retry,
                timeout,
                Duration.ZERO,
                List.of(stages));
    }

    private static LoadPlan plan(URI server, Stage... stages) {
        return plan(server, false, Duration.ofSeconds(20), stages);
    }

    /** Runs it, and stops it once the server has got so many requests. */
    private LoadReport runUntil(LoadPlan plan, FakeServer server, long posts) throws Exception {
        var run = new LoadRun(plan, NanoClock.system(), EpochClock.system());
        return run.run(new LoadWatcher() {
            @Override
            public void onProgress(Stage stage, long elapsedNanos, LoadProgress progress) {
                if (server.posts.get() >= posts) {
                    run.stop();
                }
            }

            @Override
            public void onStageDone(StageResult result) {
                results.add(result);
            }
        });
    }

    private LoadReport run(LoadPlan plan, FakeServer server) throws Exception {
        return runUntil(plan, server, Long.MAX_VALUE);
    }

    private Tally tally() {
        assertThat(results).hasSize(1);
        return results.get(0).tally();
    }

    @Test
    void countsWhatIsAcknowledgedAndSpreadsItOverTheClients() throws Exception {
        FakeServer[] self = new FakeServer[1];
        try (var server = new FakeServer(SAMPLES, (number, head) -> self[0].ok())) {
            self[0] = server;
            LoadReport report = runUntil(plan(server.address(), UNTIL_STOPPED), server, 10);
            assertThat(report.matches()).as(String.join("\n", report.lines())).isTrue();
            assertThat(tally().status(200)).isEqualTo(server.posts.get()).isGreaterThan(2);
            assertThat(tally().acknowledged()).isEqualTo(SAMPLES * server.posts.get());
            assertThat(tally().measured()).isEqualTo(tally().corrected());
            assertThat(new HashSet<>(server.identities)).containsExactlyInAnyOrder("load-a", "load-b", "load-c");
        }
    }

    @Test
    void pacedRequestsAreAsManyAsAskedFor() throws Exception {
        FakeServer[] self = new FakeServer[1];
        try (var server = new FakeServer(SAMPLES, (number, head) -> self[0].ok())) {
            self[0] = server;
            LoadReport report = run(plan(server.address(), PACED), server);
            assertThat(report.matches()).isTrue();
            assertThat(tally().sent() + tally().notSent()).isEqualTo(30);
            assertThat(tally().corrected().getTotalCount()).isEqualTo(30);
        }
    }

    @Test
    void aStallShowsInTheCorrectedLatenciesOfAllWhoWaited() throws Exception {
        var stalled = new CountDownLatch(1);
        FakeServer[] self = new FakeServer[1];
        // Every answer from the twentieth on waits until the rest of a second is over.
        try (var server = new FakeServer(SAMPLES, (number, head) -> {
            if (number == 20) {
                TimeUnit.MILLISECONDS.sleep(1000);
                stalled.countDown();
            } else if (number > 20) {
                stalled.await();
            }
            return self[0].ok();
        })) {
            self[0] = server;
            LoadReport report = run(plan(server.address(), new Stage(200, Duration.ofMillis(1500))), server);
            assertThat(report.matches()).as(String.join("\n", report.lines())).isTrue();
            Histogram measured = tally().measured();
            Histogram corrected = tally().corrected();
            long halfSecond = TimeUnit.MILLISECONDS.toNanos(500);
            // 100 requests were due in the first half of the stall, and each of them had to wait for the other half.
            // But
            // no more than one a connection was under way.
            assertThat(corrected.getTotalCount()).isEqualTo(300);
            assertThat(corrected.getCountBetweenValues(halfSecond, corrected.getMaxValue()))
                    .isGreaterThanOrEqualTo(95);
            assertThat(measured.getCountBetweenValues(halfSecond, Math.max(halfSecond, measured.getMaxValue())))
                    .isLessThan(20);
            assertThat(report.lines()).anyMatch(line -> line.startsWith("corrected"));
        }
    }

    @Test
    void timeoutsAreCountedAndTheirSamplesMayBeStoredOrNot() throws Exception {
        var never = new CountDownLatch(1);
        try (var server = new FakeServer(SAMPLES, (number, head) -> {
            never.await();
            return null;
        })) {
            LoadReport report = run(plan(server.address(), false, Duration.ofMillis(150), FLAT_OUT), server);
            assertThat(tally().timeouts()).isGreaterThanOrEqualTo(2);
            assertThat(tally().unknown()).isEqualTo(SAMPLES * tally().timeouts());
            assertThat(report.matches()).isFalse();
            assertThat(report.lines().get(report.lines().size() - 1))
                    .contains("acknowledged 0 samples (and ")
                    .contains("in requests without an answer, stored or not): nothing was stored for sure");
        }
    }

    @Test
    void lostConnectionsAreOpenedAgain() throws Exception {
        FakeServer[] self = new FakeServer[1];
        try (var server = new FakeServer(SAMPLES, (number, head) -> number % 4 == 3 ? null : self[0].ok())) {
            self[0] = server;
            LoadReport report = runUntil(plan(server.address(), UNTIL_STOPPED), server, 10);
            assertThat(tally().lost()).isGreaterThanOrEqualTo(1);
            assertThat(tally().status(200)).isGreaterThanOrEqualTo(3);
            assertThat(report.matches()).as(String.join("\n", report.lines())).isTrue();
            assertThat(report.lines()).anyMatch(line -> line.startsWith("first connection lost: "));
        }
    }

    @Test
    void aConnectionThatAnAnswerClosesIsNotLost() throws Exception {
        FakeServer[] self = new FakeServer[1];
        try (var server = new FakeServer(SAMPLES, (number, head) -> {
            self[0].stored.addAndGet(SAMPLES);
            return FakeServer.response(200, "Connection: close\r\n", "{\"metrics_processed\":" + SAMPLES + "}");
        })) {
            self[0] = server;
            LoadReport report = runUntil(plan(server.address(), UNTIL_STOPPED), server, 10);
            assertThat(tally().status(200)).isGreaterThanOrEqualTo(3);
            assertThat(tally().lost()).isZero();
            assertThat(report.matches()).as(String.join("\n", report.lines())).isTrue();
        }
    }

    @Test
    void refusalsAreCountedAndSentAgainOnlyWhereThatIsAskedFor() throws Exception {
        for (boolean retry : new boolean[] {false, true}) {
            results.clear();
            FakeServer[] self = new FakeServer[1];
            try (var server = new FakeServer(
                    SAMPLES,
                    (number, head) -> number % 2 == 0
                            ? FakeServer.response(number % 4 == 0 ? 429 : 503, "Retry-After: 0\r\n", "{}")
                            : self[0].ok())) {
                self[0] = server;
                LoadReport report =
                        runUntil(plan(server.address(), retry, Duration.ofSeconds(20), UNTIL_STOPPED), server, 10);
                assertThat(report.matches()).isTrue();
                assertThat(tally().status(429)).isGreaterThanOrEqualTo(1);
                assertThat(tally().status(503)).isGreaterThanOrEqualTo(1);
                long refused = tally().status(429) + tally().status(503);
                if (retry) {
                    // All but those that were refused when the stage was over.
                    assertThat(tally().refused()).isLessThanOrEqualTo(2 * SAMPLES);
                } else {
                    assertThat(tally().refused()).isEqualTo(SAMPLES * refused);
                }
            }
        }
    }

    @Test
    void retriesWaitAsLongAsTheAnswerAsksFor() throws Exception {
        FakeServer[] self = new FakeServer[1];
        try (var server = new FakeServer(
                SAMPLES,
                (number, head) -> number < 2 ? FakeServer.response(503, "Retry-After: 1\r\n", "{}") : self[0].ok())) {
            self[0] = server;
            LoadReport report =
                    runUntil(plan(server.address(), true, Duration.ofSeconds(20), UNTIL_STOPPED), server, 5);
            assertThat(report.matches()).isTrue();
            assertThat(tally().status(503)).isEqualTo(2);
            assertThat(tally().corrected().getMaxValue()).isGreaterThanOrEqualTo(990_000_000L);
            assertThat(report.lines()).anyMatch(line -> line.startsWith("corrected"));
        }
    }

    @Test
    void aServerThatCountsLessIsAMismatch() throws Exception {
        try (var server = new FakeServer(
                SAMPLES, (number, head) -> FakeServer.response(200, "", "{\"metrics_processed\":" + SAMPLES + "}"))) {
            LoadReport report = run(plan(server.address(), FLAT_OUT), server);
            assertThat(report.matches()).isFalse();
            assertThat(report.lines().get(report.lines().size() - 1)).contains("the server counts 0: MISMATCH");
        }
    }

    @Test
    void stagesFollowOneAnotherUntilTheServerFallsBehindTwice() throws Exception {
        FakeServer[] self = new FakeServer[1];
        try (var server =
                new FakeServer(SAMPLES, (number, head) -> head.isEmpty() ? "" : FakeServer.response(503, "", "{}"))) {
            self[0] = server;
            Stage step = new Stage(50, Duration.ofMillis(100));
            LoadReport report = run(plan(server.address(), step, step, step, step), server);
            assertThat(results).hasSize(2);
            assertThat(report.lines()).anyMatch(line -> line.startsWith("stopped: 50 requests/s"));
        }
    }

    @Test
    void theWarmUpIsComparedAndNotReported() throws Exception {
        FakeServer[] self = new FakeServer[1];
        try (var server = new FakeServer(SAMPLES, (number, head) -> self[0].ok())) {
            self[0] = server;
            LoadPlan plan = plan(server.address(), new Stage(50, Duration.ofMillis(200)));
            var warmed = new LoadPlan(
                    plan.server(),
                    plan.identities(),
                    plan.identitiesAreKeys(),
                    plan.connections(),
                    plan.fleet(),
                    plan.samplesPerRequest(),
                    plan.gzip(),
                    plan.retry(),
                    plan.timeout(),
                    Duration.ofMillis(400),
                    plan.stages());
            LoadReport report = run(warmed, server);
            assertThat(tally().sent() + tally().notSent()).isEqualTo(10);
            assertThat(server.posts.get()).isGreaterThan(tally().sent());
            assertThat(report.lines()).contains("the comparison includes the warm-up:");
            assertThat(report.matches()).as(String.join("\n", report.lines())).isTrue();
        }
    }

    @Test
    void stoppingEndsTheStageAndReportsIt() throws Exception {
        FakeServer[] self = new FakeServer[1];
        try (var server = new FakeServer(SAMPLES, (number, head) -> self[0].ok())) {
            self[0] = server;
            Stage hour = new Stage(100, Duration.ofHours(1));
            LoadReport report = runUntil(plan(server.address(), hour, hour), server, 6);
            assertThat(report.matches()).as(String.join("\n", report.lines())).isTrue();
            assertThat(tally().status(200)).isGreaterThanOrEqualTo(6);
            assertThat(report.lines()).contains("stopped early, as asked");
        }
    }

    @Test
    void aServerThatIsNotThereIsToldBeforeAnythingIsSent() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        fails("http://127.0.0.1:" + port, "cannot reach http://127.0.0.1:" + port + "/metrics: connection refused");
        fails("http://host.invalid:1", "cannot reach http://host.invalid:1/metrics: the host has no address");
    }

    private static void fails(String server, String message) {
        var run = new LoadRun(plan(URI.create(server), FLAT_OUT), NanoClock.system(), EpochClock.system());
        assertThatThrownBy(() -> run.run(null))
                .isInstanceOf(LoadException.class)
                .hasMessageStartingWith(message);
    }
}

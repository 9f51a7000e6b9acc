package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

/**
 * How long a server goes on with what nobody waits for any more: from the end of the client's connection to the moment when no worker
 * is in its work. The times are printed; what is asserted leaves room for a busy machine.
 */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class CancellationIT {
    private static final int SERIES = Integer.getInteger("cancel.series", 200_000);
    private static final int LINES_A_REQUEST = 10_000;
    private static final long NOW_SECONDS = System.currentTimeMillis() / 1000 - 600;
    private static final Duration ROOM = Duration.ofSeconds(5);
    /** Clients leave so long after they have asked. */
    private static final long[] LEAVE_MILLIS = {10, 60, 150, 400};

    @TempDir
    private Path data;

    private final List<String> told = new ArrayList<>();
    private final List<Long> micros = new ArrayList<>();

    private static void write(ApiClient api, String metric, long timeSeconds) throws Exception {
        for (int from = 0; from < SERIES; from += LINES_A_REQUEST) {
            var lines = new StringBuilder();
            for (int i = from; i < Math.min(SERIES, from + LINES_A_REQUEST); i++) {
                lines.append("{\"name\":\"")
                        .append(metric)
                        .append("\",\"type\":\"gauge\",\"value\":")
                        .append(i);
                lines.append(",\"timestamp\":")
                        .append(timeSeconds * 1000)
                        .append(",\"tags\":{\"pod\":\"pod-")
                        .append(i);
                lines.append("\",\"zone\":\"z").append(i % 7).append("\"}}\n");
            }
            api.write(lines.toString());
        }
    }

    private static String get(String path, String... parameters) {
        return Requests.get(path + "?" + ApiClient.parameters(parameters), "Accept-Encoding: gzip");
    }

    private static String query(String query) {
        return get("/api/v1/query", "query", query, "time", String.valueOf(NOW_SECONDS));
    }

    /** Over five minutes, second by second. */
    private static String range(String query) {
        return get(
                "/api/v1/query_range",
                "query",
                query,
                "start",
                String.valueOf(NOW_SECONDS - 240),
                "end",
                String.valueOf(NOW_SECONDS + 60),
                "step",
                "1");
    }

    private static boolean isAtWork() {
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            String name = thread.getKey().getName();
            boolean works = name.startsWith("query") || name.startsWith("api");
            if (works
                    && Arrays.stream(thread.getValue())
                            .anyMatch(at -> at.getClassName().endsWith(".ApiPages"))) {
                return true;
            }
        }
        return false;
    }

    private void leave(LiveServer server, String what, byte[] request) throws Exception {
        for (long afterMillis : LEAVE_MILLIS) {
            boolean atWork;
            long left;
            try (RawClient client = server.connect()) {
                client.send(request);
                // What is measured is work in all its phases, so that this is a time and no condition.
                LockSupport.parkNanos(Duration.ofMillis(afterMillis).toNanos());
                atWork = isAtWork();
                left = System.nanoTime();
            }
            while (isAtWork()) {
                assertThat(Duration.ofNanos(System.nanoTime() - left))
                        .as("still at work: %s", what)
                        .isLessThan(ROOM);
                LockSupport.parkNanos(200_000);
            }
            long took = (System.nanoTime() - left) / 1000;
            micros.add(took);
            told.add(String.format(
                    "%8.1f ms  %s, left after %d ms%s", took / 1e3, what, afterMillis, atWork ? "" : ", answered"));
        }
    }

    /** The time within which this part of all had ended. */
    private double at(double part) {
        return micros.get((int) Math.ceil(part * micros.size()) - 1) / 1e3;
    }

    private void leave(LiveServer server, String what, String request) throws Exception {
        leave(server, what, request.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void leaveAll(LiveServer server) throws Exception {
        for (String expression : new String[] {
            "stddev_over_time(stddev_over_time(vector(time())[1d:1s])[1d:1s])",
            "quantile_over_time(0.9, (vector(time()) ^ 1.5)[10d:1s])",
            "count(a * on(pod) group_left b) + count(a and b) + count(a or b)",
            "sort_by_label(topk(50000, a), 'zone', 'pod')",
            "count(label_replace(label_join(a, 'x', '-', 'zone', 'pod'), 'y', '$1$2', 'x', '(.*)-(.*)'))",
            "quantile by (zone) (0.9, {pod=~'.*7.*'}) + on() group_left count_values('v', {pod=~'.*1.*'})",
            "x * on() a"
        }) {
            leave(server, expression, query(expression));
        }
        for (String expression : new String[] {
            "sum by (zone) (rate(a[5m])) / sum by (zone) (max_over_time(b[5m]))",
            "a{pod=~'pod-1.*'} / on(pod) b",
            "topk by (zone) (3, a)",
            "a{zone='z1'}"
        }) {
            leave(server, expression, range(expression));
        }
        String[] match = {"match[]", "{pod=~'.*1.*'}"};
        for (String path : new String[] {
            "/api/v1/series",
            "/api/v1/labels",
            "/api/v1/label/pod/values",
            "/api/v1/status/tsdb",
            "/api/v1/export",
            "/federate"
        }) {
            leave(server, path, get(path, match));
        }
        byte[] message = Snappy.compress(RemoteReads.query(0, Long.MAX_VALUE, 2, "pod", "pod-.*"));
        var read = new ByteArrayOutputStream();
        read.writeBytes(("POST /api/v1/read HTTP/1.1\r\nHost: a\r\nContent-Encoding: snappy\r\n"
                        + "Content-Type: application/x-protobuf\r\nContent-Length: " + message.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        read.writeBytes(message);
        leave(server, "/api/v1/read", read.toByteArray());
    }

    @Test
    void endsWhatNobodyWaitsFor() throws Exception {
        try (LiveServer server = LiveServer.start(
                data,
                "limits.series=1000000",
                "limits.series-per-metric=1000000",
                "limits.new-series=1000000",
                "limits.series-bytes=400MiB",
                "query.max-memory=400MiB")) {
            var api = new ApiClient(server.port());
            for (int i = 0; i < 3; i++) {
                write(api, "a", NOW_SECONDS - 60L * i);
                write(api, "b", NOW_SECONDS - 60L * i);
            }
            // Twice: at first much of the code is not compiled yet.
            for (String round : new String[] {"at first", "then"}) {
                micros.clear();
                leaveAll(server);
                micros.sort(null);
                told.add(String.format(
                        "%s, of %d: half ended within %.1f ms, 19 of 20 within %.1f ms, all within %.1f ms",
                        round, micros.size(), at(0.5), at(0.95), at(1)));
            }
            told.forEach(line -> System.out.println("CancellationIT: " + line));
            assertThat(api.data("/api/v1/query", "query", "1", "time", "0")).contains("[0,\"1\"]");
        }
    }
}

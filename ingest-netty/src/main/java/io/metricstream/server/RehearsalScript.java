package io.metricstream.server;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * What the rehearsal sends: what a fleet sends, mostly the known series of one host in a request, and in between large
 * bodies, new series, lines, compressed and faulty bodies and the pages that monitoring reads.
 *
 * <p>The compiler drops branches that were never taken, and a first fault would then throw the code of all requests away;
 * so the faults are here as well.
 */
@OwnedBy(Role.REHEARSAL)
final class RehearsalScript {
    private static final int HOSTS = 64;
    /** Known series with other values and times: so many requests of each host take turns. */
    private static final int STEPS = 4;

    private static final int METRICS_PER_HOST = 10;
    private static final int LARGE_METRICS = 1000;
    /** New series come with new hosts, of which there are no more than the stage has room for. */
    private static final int NEW_HOSTS = 1000;

    private static final String JSON = "Content-Type: application/json\r\n";

    private static final int LARGE_EVERY = 64;
    private static final int NEW_EVERY = 61;
    private static final int ODD_EVERY = 31;

    private final String head;
    private final long nowMillis;
    private final Random random = new Random(1);
    private final RehearsalRequest[] small = new RehearsalRequest[HOSTS * STEPS];
    private final RehearsalRequest[] large = new RehearsalRequest[3];
    private final RehearsalRequest[] odd;
    private int turn;
    private int newHosts;

    RehearsalScript(String key, long nowMillis) {
        this.head = "\r\nHost: localhost\r\nUser-Agent: rehearsal\r\nAuthorization: Bearer " + key + "\r\n";
        this.nowMillis = nowMillis;
        Arrays.setAll(small, turn -> write(turn % 2 == 0 ? JSON : "", json(turn % HOSTS, METRICS_PER_HOST), 200));
        Arrays.setAll(large, first -> write("", json(first, LARGE_METRICS), 200));
        String body = json(0, METRICS_PER_HOST);
        odd = new RehearsalRequest[] {
            write("Content-Type: application/x-ndjson\r\n", lines(1), 200),
            write("Content-Encoding: gzip\r\n", gzip(body), 200),
            write("", "{\"metrics\":[{\"name\":\"a\",\"value\":1},{\"name\":\"\",\"value\":2}]}", 400),
            write("", body.substring(0, body.length() / 2), 400),
            write("Content-Type: text/html\r\n", body, 415),
            page("/ready", "", 200),
            page("/nowhere", "", 404),
            page("/metrics", "", 200),
            page("/metrics", "Accept: text/plain\r\n", 200),
        };
    }

    /** The next request. */
    RehearsalRequest next() {
        int now = turn++;
        if (now % NEW_EVERY == NEW_EVERY - 1 && newHosts < NEW_HOSTS) {
            newHosts++;
            return write(JSON, json(LARGE_METRICS + newHosts, METRICS_PER_HOST), 200);
        }
        if (now % LARGE_EVERY == LARGE_EVERY - 1) {
            return large[now / LARGE_EVERY % large.length];
        }
        if (now % ODD_EVERY == ODD_EVERY - 1) {
            return odd[now / ODD_EVERY % odd.length];
        }
        return small[now % small.length];
    }

    /** So many metrics, ten for each host from this one on. */
    private String json(int firstHost, int metrics) {
        var body = new StringBuilder("{\"metrics\":[");
        for (int i = 0; i < metrics; i++) {
            int host = firstHost + i / METRICS_PER_HOST;
            body.append(i == 0 ? "" : ",")
                    .append(metric(host, i % METRICS_PER_HOST, nowMillis - random.nextInt(60_000)));
        }
        return body.append("]}").toString();
    }

    private String lines(int host) {
        var body = new StringBuilder();
        for (int i = 0; i < METRICS_PER_HOST; i++) {
            body.append(metric(host, i, nowMillis)).append('\n');
        }
        return body.toString();
    }

    /** Of two kinds of clients, which differ in what they write and in what order. */
    private String metric(int host, int number, long timestampMillis) {
        double value = (random.nextDouble() - 0.1) * Math.pow(10, number);
        return host % 2 == 0
                ? agentMetric(host, number, value, timestampMillis)
                : scriptMetric(host, number, value, timestampMillis);
    }

    /** Short decimals, times in milliseconds, long names, and tags in no order. */
    private static String agentMetric(int host, int number, double value, long timestampMillis) {
        String written = number < 7 ? String.valueOf(Math.round(value * 10) / 10.0) : String.valueOf(Math.round(value));
        return "{\"name\":\"rehearsal_agent_seconds_" + number + "\",\"value\":" + written + ",\"type\":\""
                + (number < 7 ? "gauge" : "counter") + "\",\"timestamp\":" + timestampMillis
                + ",\"tags\":{\"host\":\"host-" + host + "\",\"region\":\"region-" + host % 5
                + "\",\"datacenter\":\"datacenter-" + host % 9 + "\",\"os\":\"os-" + host % 3 + "\"}}";
    }

    /** Whole numbers and such with all their digits, each way to write a time, and tags in order. */
    private static String scriptMetric(int host, int number, double value, long timestampMillis) {
        String written = number % 3 == 0 ? String.valueOf((long) value) : String.valueOf(value);
        String time =
                switch (number % 8) {
                    case 6 -> "";
                    case 7 -> ",\"timestamp\":\"" + Instant.ofEpochMilli(timestampMillis) + "\"";
                    default -> ",\"timestamp\":" + timestampMillis;
                };
        return "{\"name\":\"rehearsal_" + number + "\",\"value\":" + written + ",\"type\":\""
                + (number % 4 == 0 ? "counter" : "gauge") + "\",\"tags\":{\"host\":\"host-" + host
                + "\",\"region\":\"region-" + host % 5 + "\",\"service\":\"a\"}" + time + "}";
    }

    private RehearsalRequest write(String headers, String body, int status) {
        return write(headers, body.getBytes(StandardCharsets.UTF_8), status);
    }

    private RehearsalRequest write(String headers, byte[] body, int status) {
        String start = "POST /metrics HTTP/1.1" + head + headers + "Content-Length: " + body.length + "\r\n\r\n";
        byte[] bytes = Arrays.copyOf(start.getBytes(StandardCharsets.US_ASCII), start.length() + body.length);
        System.arraycopy(body, 0, bytes, start.length(), body.length);
        return new RehearsalRequest(bytes, status);
    }

    private RehearsalRequest page(String path, String headers, int status) {
        String request = "GET " + path + " HTTP/1.1" + head + headers + "\r\n";
        return new RehearsalRequest(request.getBytes(StandardCharsets.US_ASCII), status);
    }

    private static byte[] gzip(String body) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}

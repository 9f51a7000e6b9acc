package io.metricstream.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks the sum that must always hold, from the server's own statistics: every sample received was stored, or refused
 * for a reason that is counted.
 */
final class Conservation {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Conservation() {}

    /** Asks for the statistics. */
    interface Source {
        String json() throws IOException, InterruptedException;
    }

    /** Waits until nothing is under way, and fails where a sample is missing or counted twice; returns the statistics. */
    static JsonNode check(Source source) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String before = "";
        while (true) {
            String text = source.json();
            JsonNode stats = JSON.readTree(text);
            // Read twice without a change: no request was counted in between.
            boolean still = text.equals(before) && number(stats, "metrics_in_flight") == 0;
            if (still && number(stats, "metrics_received") == accountedFor(stats)) {
                return stats;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("received " + number(stats, "metrics_received") + " samples, accounted for "
                        + accountedFor(stats) + ": " + text);
            }
            before = text;
            LockSupport.parkNanos(10_000_000L);
        }
    }

    private static long accountedFor(JsonNode stats) {
        long sum = number(stats, "metrics_stored")
                + number(stats, "metrics_withheld")
                + number(stats, "metrics_rate_limited")
                + number(stats, "metrics_unavailable");
        long rejected = 0;
        for (JsonNode count : stats.get("metrics_rejected")) {
            rejected += count.asLong();
        }
        if (rejected != number(stats, "validation_errors")) {
            throw new AssertionError("the reasons of rejects are not all of them: " + stats);
        }
        return sum + rejected;
    }

    private static long number(JsonNode stats, String field) {
        JsonNode value = stats.get(field);
        if (value == null || !value.isIntegralNumber()) {
            throw new AssertionError("no number " + field + " in " + stats);
        }
        return value.asLong();
    }
}

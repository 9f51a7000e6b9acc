package io.metricstream.peers;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/**
 * Samples of a fleet whose hosts report ten metrics each, among them four percentages, two counters, and two that use all
 * digits of a double, as JSON lines that both servers take. The same seed gives the same samples.
 */
final class PeerFleet {
    static final long INTERVAL_MILLIS = 10_000;

    private static final String[] METRICS = {
        "usage_user",
        "usage_system",
        "usage_idle",
        "usage_iowait",
        "bytes_in",
        "bytes_out",
        "procs",
        "fds",
        "load1",
        "temp"
    };
    private static final int FIRST_COUNTER = 4;
    private static final int FIRST_WHOLE = 6;
    private static final int FIRST_UNROUNDED = 8;
    private static final int REGIONS = 8;

    private final int hosts;
    private final int points;
    private final long firstMillis;

    PeerFleet(int series, int points, long endMillis) {
        this.hosts = series / METRICS.length;
        this.points = points;
        this.firstMillis = endMillis - (points - 1) * INTERVAL_MILLIS;
    }

    int hosts() {
        return hosts;
    }

    long firstMillis() {
        return firstMillis;
    }

    /** All samples of one host from one point on, at most so many of each series. */
    byte[] lines(int host, int fromPoint, int count) {
        int to = Math.min(points, fromPoint + count);
        var text = new StringBuilder();
        for (int metric = 0; metric < METRICS.length; metric++) {
            text.append("{\"metric\":{\"__name__\":\"cpu_").append(METRICS[metric]);
            text.append("\",\"host\":\"host_").append(host);
            text.append("\",\"region\":\"region-").append(host % REGIONS);
            text.append("\",\"datacenter\":\"datacenter-").append(host / REGIONS % REGIONS);
            text.append("\",\"os\":\"os-").append(host % 3).append("\"},\"values\":[");
            // Each portion of a series has a seed of its own; counters go on from what the time says.
            var random = new Random(((long) host * METRICS.length + metric) * 1_000_003 + fromPoint);
            double value = metric < FIRST_COUNTER ? random.nextInt(1000) / 10.0 : random.nextInt(500);
            for (int point = fromPoint; point < to; point++) {
                value = next(metric, value, point, random);
                text.append(point == fromPoint ? "" : ",").append(number(metric, value));
            }
            text.append("],\"timestamps\":[");
            for (int point = fromPoint; point < to; point++) {
                text.append(point == fromPoint ? "" : ",").append(firstMillis + point * INTERVAL_MILLIS);
            }
            text.append("]}\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static double next(int metric, double value, int point, Random random) {
        if (metric < FIRST_COUNTER) {
            return Math.max(0, Math.min(100, value + random.nextGaussian()));
        }
        if (metric < FIRST_WHOLE) {
            return point * 10_000L + random.nextInt(10_000);
        }
        if (metric < FIRST_UNROUNDED) {
            return Math.max(0, value + (random.nextInt(10) == 0 ? random.nextInt(7) - 3 : 0));
        }
        return Math.max(0, value + random.nextGaussian() * 0.5);
    }

    private static String number(int metric, double value) {
        if (metric < FIRST_COUNTER) {
            return String.format(Locale.ROOT, "%.1f", value);
        }
        return metric < FIRST_UNROUNDED ? Long.toString((long) value) : Double.toString(value);
    }
}

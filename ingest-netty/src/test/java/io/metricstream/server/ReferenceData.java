package io.metricstream.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Samples to compare answers over: those of Prometheus's demonstration service, by the names and labels that the compliance
 * queries have, and some series with gaps, resets and both signs. No sample is on a query's grid of whole seconds, so that it
 * does not matter on which side ranges are open.
 */
final class ReferenceData {
    /** The first sample is a little later. */
    static final long START_MILLIS = 1_700_000_040_000L;

    static final int SAMPLES = 480;
    static final long EVERY_MILLIS = 15_000;
    static final long END_MILLIS = START_MILLIS + SAMPLES * EVERY_MILLIS;
    private static final double LEAST_COUNT = 1e6;
    private static final long PAST_GRID_MILLIS = 1_234;
    private static final List<String> INSTANCES =
            List.of("demo.promlabs.com:10000", "demo.promlabs.com:10001", "demo.promlabs.com:10002");
    private static final String[] BOUNDS = {"0.0001", "0.001", "0.01", "0.1", "1", "10", "+Inf"};

    private record Series(Map<String, String> labels, List<Long> times, List<Double> values) {}

    private final Random random;
    private final List<Series> all = new ArrayList<>();

    ReferenceData(long seed) {
        this.random = new Random(seed);
        for (String instance : INSTANCES) {
            gauge("demo_num_cpus", instance, () -> 4);
            gauge("demo_disk_usage_bytes", instance, walk(1e10, 1e7));
            gauge("demo_disk_total_bytes", instance, () -> 2e11);
            for (String type : List.of("free", "cached", "buffers", "used")) {
                gauge("demo_memory_usage_bytes", instance, walk(3e9, 1e7), "type", type);
            }
            for (String mode : List.of("idle", "user", "system")) {
                counter("demo_cpu_usage_seconds_total", instance, 15, "mode", mode);
            }
            batch(instance);
            histogram(instance, "GET");
            histogram(instance, "POST");
            intermittent(instance);
            for (String zone : List.of("a", "b", "c", "")) {
                gauge("level", instance, walk(0, 1000), 0.2, "zone", zone);
                counter("events_total", instance, 40, "zone", zone);
            }
        }
    }

    private interface Source {
        double next();
    }

    /** Quarters, of which sums are exact. */
    private Source walk(double from, double most) {
        double[] at = {from};
        return () -> at[0] += Math.rint((random.nextDouble() - 0.5) * most * 4) / 4;
    }

    private void gauge(String name, String instance, Source source, String... labels) {
        gauge(name, instance, source, 0, labels);
    }

    private void gauge(String name, String instance, Source source, double gaps, String... labels) {
        Series series = series(name, instance, labels);
        for (int i = 0; i < SAMPLES; i++) {
            double value = source.next();
            if (random.nextDouble() >= gaps) {
                add(series, i, value);
            }
        }
    }

    /**
     * Far larger than all that it grows by, resets included: how a small counter is carried on to zero differs between
     * versions.
     */
    private void counter(String name, String instance, double most, String... labels) {
        Series series = series(name, instance, labels);
        double start = 1e9;
        double value = start;
        for (int i = 0; i < SAMPLES; i++) {
            if (random.nextInt(150) == 0 && start > LEAST_COUNT) {
                start /= 8;
                value = start;
            }
            value += Math.rint(random.nextDouble() * most * 8) / 8;
            if (random.nextInt(20) > 0) {
                add(series, i, value);
            }
        }
    }

    private void batch(String instance) {
        Series series = series("demo_batch_last_success_timestamp_seconds", instance);
        double last = START_MILLIS / 1000.0;
        for (int i = 0; i < SAMPLES; i++) {
            if (random.nextInt(12) == 0) {
                last = (START_MILLIS + i * EVERY_MILLIS) / 1000.0;
            }
            add(series, i, last);
        }
    }

    private void histogram(String instance, String method) {
        String name = "demo_api_request_duration_seconds";
        String[] labels = {"method", method, "path", "/api/foo", "status", "200"};
        List<Series> buckets = new ArrayList<>();
        for (String bound : BOUNDS) {
            buckets.add(series(name + "_bucket", instance, "le", bound, "method", method, "path", "/api/foo"));
        }
        Series count = series(name + "_count", instance, labels);
        Series sum = series(name + "_sum", instance, labels);
        var counts = new double[BOUNDS.length];
        double total = 1e5;
        for (int i = 0; i < SAMPLES; i++) {
            for (int observed = random.nextInt(40); observed > 0; observed--) {
                int lowest = random.nextInt(BOUNDS.length);
                for (int bucket = lowest; bucket < BOUNDS.length; bucket++) {
                    counts[bucket]++;
                }
                total += lowest / 8.0;
            }
            for (int bucket = 0; bucket < BOUNDS.length; bucket++) {
                add(buckets.get(bucket), i, 1e5 * (bucket + 1) + counts[bucket]);
            }
            add(count, i, 1e5 * BOUNDS.length + counts[BOUNDS.length - 1]);
            add(sum, i, total);
        }
    }

    /** There for a while, and away for longer than a query looks back. */
    private void intermittent(String instance) {
        Series series = series("demo_intermittent_metric", instance);
        int phase = random.nextInt(60);
        for (int i = 0; i < SAMPLES; i++) {
            if ((i + phase) % 60 < 25) {
                add(series, i, i);
            }
        }
    }

    private Series series(String name, String instance, String... labels) {
        var named = new TreeMap<String, String>(Map.of("__name__", name, "instance", instance, "job", "demo"));
        for (int i = 0; i < labels.length; i += 2) {
            if (!labels[i + 1].isEmpty()) {
                named.put(labels[i], labels[i + 1]);
            }
        }
        var series = new Series(named, new ArrayList<>(), new ArrayList<>());
        all.add(series);
        return series;
    }

    private static void add(Series series, int index, double value) {
        series.times.add(START_MILLIS + index * EVERY_MILLIS + PAST_GRID_MILLIS);
        series.values.add(value);
    }

    /** As lines of series, for {@code /api/v1/import}. */
    List<String> lines() {
        return all.stream()
                .map(series -> String.format(
                        Locale.ROOT,
                        "{\"metric\":{%s},\"values\":%s,\"timestamps\":%s}%n",
                        pairs(series.labels, "\"%s\":\"%s\""),
                        series.values,
                        series.times))
                .toList();
    }

    /** In OpenMetrics's text format, the series of a metric next to each other. */
    String openMetrics() {
        Map<String, StringBuilder> metrics = new TreeMap<>();
        for (Series series : all) {
            String name = series.labels.get("__name__");
            Map<String, String> labels = new TreeMap<>(series.labels);
            labels.remove("__name__");
            String head = name + "{" + pairs(labels, "%s=\"%s\"") + "} ";
            StringBuilder text = metrics.computeIfAbsent(name, any -> new StringBuilder());
            for (int i = 0; i < series.times.size(); i++) {
                text.append(head).append(series.values.get(i)).append(' ');
                text.append(String.format(Locale.ROOT, "%.3f%n", series.times.get(i) / 1000.0));
            }
        }
        return String.join("", metrics.values()) + "# EOF\n";
    }

    private static String pairs(Map<String, String> labels, String format) {
        return labels.entrySet().stream()
                .map(label -> String.format(Locale.ROOT, format, label.getKey(), label.getValue()))
                .collect(Collectors.joining(","));
    }
}

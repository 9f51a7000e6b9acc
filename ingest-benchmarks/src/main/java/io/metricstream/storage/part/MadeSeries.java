package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The metrics of a fleet, made as they are read: ten of each host every ten seconds, with tags host, region, datacenter and
 * os. Four gauges walk with one decimal, two counters, two integers that seldom change, two gauges of full precision.
 */
final class MadeSeries implements SeriesCursor {
    private static final String[] NAMES = {
        "cpu_bytes_in", "cpu_bytes_out", "cpu_fds", "cpu_load1", "cpu_procs",
        "cpu_temp", "cpu_usage_idle", "cpu_usage_iowait", "cpu_usage_system", "cpu_usage_user"
    };
    /** How many each host has. */
    static final int METRICS = 10;

    private static final long START_MILLIS = 1_795_482_990_000L;
    private static final long INTERVAL_MILLIS = 10_000;

    private final List<byte[]> keys = new ArrayList<>();
    private final Random random = new Random(1);
    private final long[] times;
    private final double[] values;
    private int at = -1;

    MadeSeries(int hosts, int samples) {
        times = new long[samples];
        values = new double[samples];
        for (int i = 0; i < samples; i++) {
            times[i] = START_MILLIS + i * INTERVAL_MILLIS;
        }
        for (int host = 0; host < hosts; host++) {
            var tags = Map.of(
                    "host", "host_" + host,
                    "region", "region-" + random.nextInt(8),
                    "datacenter", "datacenter-" + random.nextInt(8),
                    "os", "os-" + random.nextInt(8));
            for (String name : NAMES) {
                keys.add(SeriesKey.of(name.contains("bytes") ? MetricType.COUNTER : MetricType.GAUGE, name, tags));
            }
        }
        keys.sort((a, b) -> SeriesKey.compareByLabels(a, a.length, b, b.length));
    }

    /** Makes it begin anew. */
    MadeSeries restarted() {
        at = -1;
        return this;
    }

    private void make() {
        String name = NAMES[at / (keys.size() / METRICS)];
        double value = name.contains("usage") ? random.nextInt(1000) / 10.0 : random.nextInt(500);
        for (int i = 0; i < values.length; i++) {
            value = switch (name) {
                case "cpu_bytes_in", "cpu_bytes_out" -> value + random.nextInt(10_000);
                case "cpu_fds", "cpu_procs" ->
                    Math.max(0, value + (random.nextInt(10) == 0 ? random.nextInt(7) - 3 : 0));
                case "cpu_load1", "cpu_temp" -> Math.max(0, value + random.nextGaussian() * 0.5);
                default -> Math.round(Math.max(0, Math.min(100, value + random.nextGaussian())) * 10) / 10.0;
            };
            values[i] = value;
        }
    }

    @Override
    public boolean next() {
        return ++at < keys.size();
    }

    @Override
    public byte[] key() {
        return keys.get(at);
    }

    @Override
    public int keyLength() {
        return key().length;
    }

    @Override
    public Labels labels() {
        return SeriesKey.labels(key(), keyLength());
    }

    @Override
    public MetricType type() {
        return SeriesKey.type(key());
    }

    @Override
    public SampleRuns samples() {
        make();
        return new OneRun();
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private final class OneRun implements SampleRuns {
        private boolean passed;

        @Override
        public boolean next() {
            boolean first = !passed;
            passed = true;
            return first;
        }

        @Override
        public int count() {
            return times.length;
        }

        @Override
        public long firstMillis() {
            return times[0];
        }

        @Override
        public long lastMillis() {
            return times[times.length - 1];
        }

        @Override
        public boolean isSummarized() {
            return false;
        }

        @Override
        public double min() {
            throw new IllegalStateException("not summarized");
        }

        @Override
        public double max() {
            throw new IllegalStateException("not summarized");
        }

        @Override
        public double sum() {
            throw new IllegalStateException("not summarized");
        }

        @Override
        public boolean isSumExact() {
            throw new IllegalStateException("not summarized");
        }

        @Override
        public long[] timestampsMillis() {
            return times;
        }

        @Override
        public double[] values() {
            return values;
        }
    }
}

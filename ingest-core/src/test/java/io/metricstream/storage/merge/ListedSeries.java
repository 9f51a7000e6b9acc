package io.metricstream.storage.merge;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** A cursor over series that a test holds in maps; runs are cut at random, and summarized. */
public final class ListedSeries implements SeriesCursor {
    private final List<Map.Entry<Labels, NavigableMap<Long, Double>>> series;
    private final Random random;
    private final Function<Labels, MetricType> types;
    private int at = -1;
    private byte[] key = new byte[0];
    public boolean closed;

    public ListedSeries(Map<Labels, NavigableMap<Long, Double>> series, Random random) {
        this(series, random, labels -> MetricType.GAUGE);
    }

    /** Series of these types. */
    public ListedSeries(
            Map<Labels, NavigableMap<Long, Double>> series, Random random, Function<Labels, MetricType> types) {
        this.types = types;
        this.series = new ArrayList<>(series.entrySet());
        this.random = random;
    }

    @Override
    public boolean next() {
        at++;
        if (at >= series.size()) {
            return false;
        }
        Labels labels = series.get(at).getKey();
        var tags = new TreeMap<String, String>();
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.name(i).equals(Labels.NAME)) {
                tags.put(labels.name(i), labels.value(i));
            }
        }
        key = SeriesKey.of(types.apply(labels), labels.get(Labels.NAME), tags);
        return true;
    }

    @Override
    public byte[] key() {
        return key;
    }

    @Override
    public int keyLength() {
        return key.length;
    }

    @Override
    public Labels labels() {
        return series.get(at).getKey();
    }

    @Override
    public MetricType type() {
        return SeriesKey.type(key);
    }

    @Override
    public SampleRuns samples() {
        return new Runs(series.get(at).getValue());
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class Runs implements SampleRuns {
        private final List<Map.Entry<Long, Double>> samples;
        private int from;
        private int to;

        Runs(SortedMap<Long, Double> samples) {
            this.samples = new ArrayList<>(samples.entrySet());
        }

        @Override
        public boolean next() {
            from = to;
            to = Math.min(samples.size(), from + 1 + random.nextInt(20));
            return to > from;
        }

        @Override
        public int count() {
            return to - from;
        }

        @Override
        public long firstMillis() {
            return samples.get(from).getKey();
        }

        @Override
        public long lastMillis() {
            return samples.get(to - 1).getKey();
        }

        @Override
        public boolean isSummarized() {
            return true;
        }

        @Override
        public double min() {
            return samples.subList(from, to).stream()
                    .mapToDouble(Map.Entry::getValue)
                    .min()
                    .orElseThrow();
        }

        @Override
        public double max() {
            return samples.subList(from, to).stream()
                    .mapToDouble(Map.Entry::getValue)
                    .max()
                    .orElseThrow();
        }

        @Override
        public double sum() {
            return samples.subList(from, to).stream()
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
        }

        @Override
        public boolean isSumExact() {
            return false;
        }

        @Override
        public long[] timestampsMillis() {
            return samples.subList(from, to).stream()
                    .mapToLong(Map.Entry::getKey)
                    .toArray();
        }

        @Override
        public double[] values() {
            return samples.subList(from, to).stream()
                    .mapToDouble(Map.Entry::getValue)
                    .toArray();
        }
    }
}

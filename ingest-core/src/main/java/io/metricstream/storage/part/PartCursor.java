package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.part.Part.StoredSeries;
import java.util.Arrays;
import java.util.List;

/** Selected series of a part. */
@OwnedBy(Role.QUERY)
final class PartCursor implements SeriesCursor {
    private final List<StoredSeries> series;
    private final Selection selection;
    private int at = -1;

    PartCursor(List<StoredSeries> series, Selection selection) {
        this.series = series;
        this.selection = selection;
    }

    @Override
    public boolean next() {
        return ++at < series.size();
    }

    @Override
    public byte[] key() {
        return series.get(at).key();
    }

    @Override
    public int keyLength() {
        return key().length;
    }

    @Override
    public Labels labels() {
        return series.get(at).labels();
    }

    @Override
    public MetricType type() {
        return SeriesKey.type(key());
    }

    @Override
    public SampleRuns samples() {
        long[] times = series.get(at).times();
        int from = 0;
        int to = times.length;
        while (times[from] < selection.fromMillis()) {
            from++;
        }
        while (times[to - 1] > selection.toMillis()) {
            to--;
        }
        return new OneRun(
                Arrays.copyOfRange(times, from, to),
                Arrays.copyOfRange(series.get(at).values(), from, to));
    }

    @Override
    public void close() {
        // All of it is in memory.
    }

    private static final class OneRun implements SampleRuns {
        private final long[] times;
        private final double[] values;
        private boolean given;

        OneRun(long[] times, double[] values) {
            this.times = times;
            this.values = values;
        }

        @Override
        public boolean next() {
            boolean first = !given;
            given = true;
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
            return min();
        }

        @Override
        public double sum() {
            return min();
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

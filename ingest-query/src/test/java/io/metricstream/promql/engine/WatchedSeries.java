package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import org.jspecify.annotations.Nullable;

/** A cursor whose runs tell what is asked of them, or tell of no summaries. */
final class WatchedSeries implements SeriesCursor {
    /** Counts runs, and those whose values were asked for. */
    static final class Tally {
        private long runs;
        private long decoded;

        /** Those whose values nobody asked for. */
        long passedOver() {
            return runs - decoded;
        }

        long decoded() {
            return decoded;
        }
    }

    private final SeriesCursor inner;
    private final @Nullable Tally tally;

    private WatchedSeries(SeriesCursor inner, @Nullable Tally tally) {
        this.inner = inner;
        this.tally = tally;
    }

    /** Without summaries. */
    static SeriesCursor decoded(SeriesCursor inner) {
        return new WatchedSeries(inner, null);
    }

    static SeriesCursor watched(SeriesCursor inner, Tally tally) {
        return new WatchedSeries(inner, tally);
    }

    @Override
    public boolean next() throws StorageFailure {
        return inner.next();
    }

    @Override
    public byte[] key() {
        return inner.key();
    }

    @Override
    public int keyLength() {
        return inner.keyLength();
    }

    @Override
    public Labels labels() {
        return inner.labels();
    }

    @Override
    public MetricType type() {
        return inner.type();
    }

    @Override
    public SampleRuns samples() throws StorageFailure {
        return new Runs(inner.samples(), tally);
    }

    @Override
    public void close() {
        inner.close();
    }

    private record Runs(SampleRuns runs, @Nullable Tally tally) implements SampleRuns {
        @Override
        public boolean next() throws StorageFailure {
            boolean more = runs.next();
            if (more && tally != null) {
                tally.runs++;
            }
            return more;
        }

        @Override
        public int count() throws StorageFailure {
            return runs.count();
        }

        @Override
        public long firstMillis() throws StorageFailure {
            return runs.firstMillis();
        }

        @Override
        public long lastMillis() throws StorageFailure {
            return runs.lastMillis();
        }

        @Override
        public boolean isSummarized() {
            return tally != null && runs.isSummarized();
        }

        @Override
        public double min() {
            return runs.min();
        }

        @Override
        public double max() {
            return runs.max();
        }

        @Override
        public double sum() {
            return runs.sum();
        }

        @Override
        public boolean isSumExact() {
            return runs.isSumExact();
        }

        @Override
        public long[] timestampsMillis() throws StorageFailure {
            return runs.timestampsMillis();
        }

        @Override
        public double[] values() throws StorageFailure {
            if (tally != null) {
                tally.decoded++;
            }
            return runs.values();
        }
    }
}

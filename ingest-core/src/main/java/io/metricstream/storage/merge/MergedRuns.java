package io.metricstream.storage.merge;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.storage.StorageFailure;

/**
 * The samples that several sources have of one series, as one. Where sources have the same time, the first source wins.
 *
 * <p>A run that lies before everything the other sources still have is handed on as it is, summary included; only runs
 * that overlap are decoded and merged, at most {@value #MERGED_SAMPLES} samples at a time.
 *
 * <p>Thread: that of its cursor.
 */
@OwnedBy(Role.QUERY)
final class MergedRuns implements SampleRuns {
    private static final int MERGED_SAMPLES = 4096;

    /** Newest first; only the first {@link #sources} count. */
    private Source[] source = new Source[0];

    private int sources;

    /** The source whose run is handed on as it is, or -1 where the run is in the columns. */
    private int whole = -1;

    private int count;
    private long[] timestampsMillis = new long[0];
    private double[] values = new double[0];

    /** One source's run and how much of it was taken. */
    private static final class Source {
        private SampleRuns runs;
        private boolean live;
        private int taken;
        private int count;
        private long nextMillis;
        private long lastMillis;

        Source(SampleRuns runs) {
            this.runs = runs;
        }

        void advance() throws StorageFailure {
            live = runs.next();
            taken = 0;
            if (live) {
                count = runs.count();
                nextMillis = runs.firstMillis();
                lastMillis = runs.lastMillis();
            }
        }

        void take(int samples) throws StorageFailure {
            taken += samples;
            if (taken == count) {
                advance();
            } else {
                nextMillis = runs.timestampsMillis()[taken];
            }
        }
    }

    /** Begins anew with no source. */
    void clear() {
        sources = 0;
        whole = -1;
        count = 0;
    }

    /** Adds a source older than those added before. */
    void add(SampleRuns runs) throws StorageFailure {
        if (sources == source.length) {
            source = java.util.Arrays.copyOf(source, Math.max(4, sources * 2));
        }
        Source added = source[sources];
        if (added == null) {
            added = new Source(runs);
            source[sources] = added;
        } else {
            added.runs = runs;
        }
        added.advance();
        sources++;
    }

    @Override
    public boolean next() throws StorageFailure {
        if (whole >= 0) {
            source[whole].advance();
            whole = -1;
        }
        int first = earliest();
        if (first < 0) {
            return false;
        }
        Source earliest = source[first];
        if (earliest.taken == 0 && earliest.lastMillis < othersFrom(first)) {
            whole = first;
            count = earliest.count;
            return true;
        }
        merge();
        return true;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long firstMillis() throws StorageFailure {
        return whole >= 0 ? source[whole].runs.firstMillis() : timestampsMillis[0];
    }

    @Override
    public long lastMillis() throws StorageFailure {
        return whole >= 0 ? source[whole].runs.lastMillis() : timestampsMillis[count - 1];
    }

    @Override
    public boolean isSummarized() {
        return whole >= 0 && source[whole].runs.isSummarized();
    }

    @Override
    public double min() {
        return summarized().min();
    }

    @Override
    public double max() {
        return summarized().max();
    }

    @Override
    public double sum() {
        return summarized().sum();
    }

    @Override
    public boolean isSumExact() {
        return summarized().isSumExact();
    }

    @Override
    public long[] timestampsMillis() throws StorageFailure {
        return whole >= 0 ? source[whole].runs.timestampsMillis() : timestampsMillis;
    }

    @Override
    public double[] values() throws StorageFailure {
        return whole >= 0 ? source[whole].runs.values() : values;
    }

    private SampleRuns summarized() {
        if (whole < 0) {
            throw new IllegalStateException("a merged run has no summary");
        }
        return source[whole].runs;
    }

    /** The live source with the earliest next sample; the newest among equals; -1 where all have ended. */
    private int earliest() {
        int first = -1;
        for (int i = 0; i < sources; i++) {
            if (source[i].live && (first < 0 || source[i].nextMillis < source[first].nextMillis)) {
                first = i;
            }
        }
        return first;
    }

    /** The earliest time that any other source still has. */
    private long othersFrom(int except) {
        long from = Long.MAX_VALUE;
        for (int i = 0; i < sources; i++) {
            if (i != except && source[i].live) {
                from = Math.min(from, source[i].nextMillis);
            }
        }
        // A sample at the end of time itself is compared like any other.
        return sources > 1 && from == Long.MAX_VALUE && !othersEnded(except) ? Long.MIN_VALUE : from;
    }

    private boolean othersEnded(int except) {
        for (int i = 0; i < sources; i++) {
            if (i != except && source[i].live) {
                return false;
            }
        }
        return true;
    }

    /** Fills the columns with what comes next of all sources, until they are full or one source can be handed on whole. */
    private void merge() throws StorageFailure {
        if (timestampsMillis.length == 0) {
            timestampsMillis = new long[MERGED_SAMPLES];
            values = new double[MERGED_SAMPLES];
        }
        count = 0;
        while (count < MERGED_SAMPLES) {
            int first = earliest();
            if (first < 0) {
                return;
            }
            Source from = source[first];
            long limit = othersFrom(first);
            if (count > 0 && from.taken == 0 && from.lastMillis < limit) {
                return;
            }
            if (from.nextMillis < limit) {
                copyBefore(from, limit);
            } else {
                copyOne(first);
            }
        }
    }

    /** Copies the samples before a time that no other source has. */
    private void copyBefore(Source from, long limit) throws StorageFailure {
        long[] times = from.runs.timestampsMillis();
        double[] all = from.runs.values();
        int end = Math.min(from.count, from.taken + MERGED_SAMPLES - count);
        int to = from.taken;
        while (to < end && times[to] < limit) {
            timestampsMillis[count] = times[to];
            values[count] = all[to];
            count++;
            to++;
        }
        from.take(to - from.taken);
    }

    /** Takes a time that several sources have, with the newest one's value. */
    private void copyOne(int newest) throws StorageFailure {
        Source from = source[newest];
        long time = from.nextMillis;
        timestampsMillis[count] = time;
        values[count] = from.runs.values()[from.taken];
        count++;
        for (int i = 0; i < sources; i++) {
            if (source[i].live && source[i].nextMillis == time) {
                source[i].take(1);
            }
        }
    }
}

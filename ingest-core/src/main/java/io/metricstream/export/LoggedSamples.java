package io.metricstream.export;

import io.metricstream.model.Series;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Matcher;
import io.metricstream.select.Selection;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.Deletion;
import io.metricstream.storage.wal.WalReplay;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lets through what of a log is in no part, was not deleted, and is selected. Thread: its creator. */
@OwnedBy(Role.MAIN)
final class LoggedSamples implements WalReplay {
    private final long flushedSequence;
    private final List<Deletion> deletions;
    private final Selection selection;
    private final SampleSource.Sink sink;
    private final BitSet selected = new BitSet();
    private final BitSet unreadable = new BitSet();
    /** The deletions that cover a series, where there are any. */
    private final Map<Integer, List<Deletion>> covering = new HashMap<>();

    private long unreadableSeriesSamples;

    LoggedSamples(StoredFolder folder, Selection selection, SampleSource.Sink sink) {
        this.flushedSequence = folder.flushedSequence();
        this.deletions = folder.parts().deletions();
        this.selection = selection;
        this.sink = sink;
    }

    /** Samples of series that this version does not understand. */
    long unreadableSeriesSamples() {
        return unreadableSeriesSamples;
    }

    @Override
    public void onSeries(int ref, @Borrowed byte[] key, int offset, int length) throws StorageFailure {
        Series series = SeriesKey.tryParse(key, offset, length);
        unreadable.set(ref, series == null);
        boolean wanted = series != null && Matcher.allMatch(selection.matchers(), series::label);
        selected.set(ref, wanted);
        covering.remove(ref);
        if (series != null && wanted) {
            sink.onSeries(ref, series);
            if (!deletions.isEmpty()) {
                findCovering(ref, series);
            }
        }
    }

    @Override
    public void onSamples(
            long sequence,
            int count,
            @Borrowed int[] refs,
            @Borrowed long[] timestampsMillis,
            @Borrowed double[] values)
            throws StorageFailure {
        if (sequence <= flushedSequence) {
            return;
        }
        for (int i = 0; i < count; i++) {
            int ref = refs[i];
            long time = timestampsMillis[i];
            if (unreadable.get(ref)) {
                unreadableSeriesSamples++;
            } else if (selected.get(ref)
                    && time >= selection.fromMillis()
                    && time <= selection.toMillis()
                    && !isDeleted(sequence, ref, time)) {
                sink.onSample(ref, time, values[i]);
            }
        }
    }

    private void findCovering(int ref, Series series) {
        List<Deletion> of = deletions.stream()
                .filter(deletion -> Matcher.allMatch(deletion.matchers(), series::label))
                .toList();
        if (!of.isEmpty()) {
            covering.put(ref, of);
        }
    }

    private boolean isDeleted(long sequence, int ref, long timestampMillis) {
        if (covering.isEmpty()) {
            return false;
        }
        for (Deletion deletion : covering.getOrDefault(ref, List.of())) {
            if (sequence <= deletion.sequence() && deletion.touches(timestampMillis, timestampMillis)) {
                return true;
            }
        }
        return false;
    }
}

package io.metricstream.storage.head;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.Transferred;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;

/**
 * The selected series of a memtable. Of series with the same labels, which differ in their type, the one that came last
 * wins where both have a sample of the same time, and gives the type.
 *
 * <p>Thread: the one that opened it. Owns: a hold on the memtable until it is closed.
 */
@OwnedBy(Role.QUERY)
final class MemtableCursor implements SeriesCursor {
    private final Memtable memtable;
    private final int[] refs;
    private final Selection selection;
    private final SortedSamples samples = new SortedSamples();
    private byte[] key = new byte[256];
    private int keyLength;
    private int at;
    private boolean closed;

    MemtableCursor(Memtable memtable, @Transferred int[] refs, Selection selection) {
        this.memtable = memtable;
        this.refs = refs;
        this.selection = selection;
    }

    @Override
    public boolean next() {
        SampleChains chains = memtable.chains();
        while (!closed && at < refs.length) {
            selection.cancellation().check();
            int first = at++;
            while (at < refs.length && memtable.series().compareByLabels(refs[first], refs[at]) == 0) {
                at++;
            }
            samples.load(chains, refs, first, at, selection);
            if (samples.count() > 0) {
                loadKey(refs[at - 1]);
                return true;
            }
        }
        return false;
    }

    @Override
    public byte[] key() {
        return key;
    }

    @Override
    public int keyLength() {
        return keyLength;
    }

    @Override
    public Labels labels() {
        return SeriesKey.labels(key, keyLength);
    }

    @Override
    public MetricType type() {
        return SeriesKey.type(key);
    }

    @Override
    public SampleRuns samples() {
        return samples.runs();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memtable.letGo();
        }
    }

    private void loadKey(int ref) {
        int length = memtable.series().keyLength(ref);
        if (key.length < length) {
            key = new byte[Math.max(length, key.length * 2)];
        }
        memtable.series().copyKey(ref, key);
        keyLength = length;
    }
}

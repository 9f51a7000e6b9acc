package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Cancellation;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * The selected series of a part, in the order in which they are stored.
 *
 * <p>Thread: the one that opened it. Owns: the input, and a reference to the part, until {@link #close}.
 */
@OwnedBy(Role.QUERY)
final class PartCursor implements SeriesCursor {
    private final Part part;
    private final PartInput input;
    private final PartDamage damage;
    private final PeekableIntIterator series;
    private final SeriesReader reader;
    private final Cancellation cancellation;
    private final PartRuns runs;
    /** The runs were given to somebody, who may have moved on in them. */
    private boolean given;

    private boolean closed;

    /** What a cursor reads from, and what it does about damage. */
    record Source(PartInput input, Contents contents, PartDamage damage) {}

    PartCursor(Part part, Source source, RoaringBitmap selected, Selection selection) {
        this.part = part;
        this.input = source.input();
        this.damage = source.damage();
        this.series = selected.getIntIterator();
        this.reader = new SeriesReader(input, source.contents());
        this.cancellation = selection.cancellation();
        this.runs = new PartRuns(source, selection);
    }

    @Override
    public boolean next() throws StorageFailure {
        while (!closed && series.hasNext()) {
            cancellation.check();
            if (moveTo(series.next()) && runs.begin(reader.firstBlock(), reader.blocks())) {
                given = false;
                return true;
            }
        }
        return false;
    }

    /** False where the series cannot be read, and neither can the others of its page. */
    private boolean moveTo(int number) throws StorageFailure {
        try {
            reader.moveTo(number);
            return true;
        } catch (StorageFailure.Corrupt e) {
            damage.onDamage(e);
            if (!damage.passesOver()) {
                throw e;
            }
            series.advanceIfNeeded(reader.endOfPage(number));
            return false;
        }
    }

    @Override
    public byte[] key() {
        return reader.key();
    }

    @Override
    public int keyLength() {
        return reader.keyLength();
    }

    @Override
    public Labels labels() {
        return SeriesKey.labels(reader.key(), reader.keyLength());
    }

    @Override
    public MetricType type() {
        return SeriesKey.type(reader.key());
    }

    @Override
    public SampleRuns samples() throws StorageFailure {
        if (given) {
            boolean unused = runs.begin(reader.firstBlock(), reader.blocks());
        }
        given = true;
        return runs;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            runs.close();
            input.close();
            part.release();
        }
    }
}

package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The labels of a part with the number of series that have them: names ascending, for each name its values ascending.
 *
 * <p>Thread: the one that opened it. Order: {@link #nextLabel}, then {@link #nextValue} until it is false or the rest of
 * the values does not matter. Owns: a reference to the part, until {@link #close}.
 */
@OwnedBy(Role.QUERY)
final class PartCounts implements AutoCloseable {
    private final Part part;
    private final PartInput input;
    private final LabelIndex index;
    private final Iterator<Contents.LabelPages> labels;
    private Contents.@Nullable LabelPages label;
    private boolean closed;

    PartCounts(Part part, PartInput input, Contents contents) {
        this.part = part;
        this.input = input;
        this.index = new LabelIndex(input, contents);
        this.labels = contents.labels().iterator();
    }

    /** Moves to the next label name; false after the last. */
    public boolean nextLabel() throws StorageFailure {
        if (!labels.hasNext()) {
            return false;
        }
        Contents.LabelPages next = labels.next();
        label = next;
        index.open(next);
        return true;
    }

    public String label() {
        return new String(current().name(), StandardCharsets.UTF_8);
    }

    /** How many values the current label has. */
    public long values() {
        return current().values();
    }

    /** Moves to the current label's next value; false after the last. */
    public boolean nextValue() throws StorageFailure {
        return index.next();
    }

    public String value() {
        return index.text();
    }

    /** How many series have the current value. */
    public long series() {
        return index.count();
    }

    void addTo(RoaringBitmap series) throws StorageFailure {
        index.addTo(series);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            input.close();
            part.release();
        }
    }

    private Contents.LabelPages current() {
        Contents.LabelPages current = label;
        if (current == null) {
            throw new IllegalStateException("no label yet");
        }
        return current;
    }
}

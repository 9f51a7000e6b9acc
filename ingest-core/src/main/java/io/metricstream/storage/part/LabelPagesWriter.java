package io.metricstream.storage.part;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.PackedOutput;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the pages of one label: its values in order, each with the numbers of its series, few of them beside the value,
 * many as a bitmap in a page of its own.
 *
 * <p>Thread: the writer's. Order: {@link #add} for each value, ascending, then {@link #finish}.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class LabelPagesWriter {
    private final PartOutput out;
    private final PackedOutput values = new PackedOutput();
    private final List<Long> pages = new ArrayList<>();
    private final List<byte[]> firstValues = new ArrayList<>();
    private byte[] before = new byte[0];
    private int count;

    LabelPagesWriter(PartOutput out) {
        this.out = out;
    }

    void add(ValueSeries series) throws StorageFailure {
        byte[] value = series.value().toBytes();
        if (values.length() == 0) {
            firstValues.add(value);
            before = new byte[0];
        }
        FrontCodedText.put(values, before, before.length, value, value.length);
        before = value;
        series.writeTo(values, out);
        count++;
        if (values.length() >= PartLayout.INDEX_PAGE_BYTES) {
            endPage();
        }
    }

    /** Where everything is. */
    Contents.LabelPages finish(@Borrowed byte[] name) throws StorageFailure {
        if (values.length() > 0) {
            endPage();
        }
        return new Contents.LabelPages(
                name, count, pages.stream().mapToLong(Long::longValue).toArray(), firstValues.toArray(new byte[0][]));
    }

    private void endPage() throws StorageFailure {
        pages.add(out.writePage(PartLayout.KIND_VALUES, values));
        values.clear();
    }
}

package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.model.SeriesKeyReader;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects which series have which labels, and writes it: for each label its values in order, each with the numbers of its
 * series.
 *
 * <p>Thread: the writer's. Owns: a file for what does not fit into memory, until {@link #close}. Limits: it holds values and
 * numbers up to {@code maxBytes}, and those of one series more; then they go into the file.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class LabelIndexBuilder implements AutoCloseable {
    /** Room for the values of two hundred thousand pods, or for half a million series with ten labels. */
    static final long MAX_BYTES = 32 << 20;

    private static final byte[] NAME = Labels.NAME.getBytes(StandardCharsets.UTF_8);

    private final TreeMap<Text, Label> labels = new TreeMap<>();
    private final SeriesKeyReader texts = new SeriesKeyReader();
    private final Text probe = new Text();
    /** What the series before had at each place of its key; most labels of the next one in order are the same. */
    private final List<Place> before = new ArrayList<>();

    private final Disk disk;
    private final Path asidePath;
    private final long maxBytes;
    private @Nullable LabelRuns aside;
    private long heldBytes;

    private record Label(Text name, Map<Text, ValueSeries> values) {}

    private static final class Place {
        private Label label = new Label(new Text(), Map.of());
        private ValueSeries series = new ValueSeries(new Text());
    }

    /** Puts what does not fit into memory beside the part that is written. */
    LabelIndexBuilder(Disk disk, Path part, long maxBytes) {
        this.disk = disk;
        this.asidePath = DurableFiles.temporary(part.resolveSibling(part.getFileName() + ".labels"));
        this.maxBytes = maxBytes;
    }

    /** A series that has this number has the labels of this key; numbers ascend. */
    void add(int series, @Borrowed byte[] key) throws StorageFailure {
        texts.open(key, 0);
        add(0, series, NAME, 0, NAME.length, key);
        for (int place = 1; texts.nextTag(); place++) {
            add(place, series, key, texts.keyAt(), texts.keyLength(), key);
        }
        if (heldBytes > maxBytes) {
            putAside();
        }
    }

    private void add(int at, int series, byte[] name, int nameAt, int nameLength, byte[] key) {
        if (texts.valueLength() == 0) {
            return;
        }
        while (at >= before.size()) {
            before.add(new Place());
        }
        Place place = before.get(at);
        boolean sameLabel = place.label.name.is(name, nameAt, nameLength);
        if (!sameLabel) {
            probe.view(name, nameAt, nameLength);
            place.label = label();
        }
        if (!sameLabel || !place.series.value().is(key, texts.valueAt(), texts.valueLength())) {
            probe.view(key, texts.valueAt(), texts.valueLength());
            place.series = series(place.label.values);
        }
        heldBytes += place.series.add(series);
    }

    /** The label of the probe. */
    private Label label() {
        Label label = labels.get(probe);
        if (label == null) {
            label = new Label(probe.copy(), new HashMap<>());
            labels.put(label.name, label);
            heldBytes += 2 * ValueSeries.HEAP_BYTES + probe.length();
        }
        return label;
    }

    /** The series with the value of the probe. */
    private ValueSeries series(Map<Text, ValueSeries> values) {
        ValueSeries series = values.get(probe);
        if (series == null) {
            series = new ValueSeries(probe.copy());
            values.put(series.value(), series);
            heldBytes += ValueSeries.HEAP_BYTES + probe.length();
        }
        return series;
    }

    /** Writes everything; returns where it is. */
    List<Contents.LabelPages> write(PartOutput out) throws StorageFailure {
        if (aside == null) {
            return writeHeld(out);
        }
        return putAside().merge(out);
    }

    private List<Contents.LabelPages> writeHeld(PartOutput out) throws StorageFailure {
        var places = new ArrayList<Contents.LabelPages>();
        for (Label label : labels.values()) {
            var sorted = new ArrayList<>(label.values.values());
            sorted.sort(Comparator.comparing(ValueSeries::value));
            var pages = new LabelPagesWriter(out);
            for (ValueSeries series : sorted) {
                pages.add(series);
            }
            places.add(pages.finish(label.name.toBytes()));
        }
        return places;
    }

    private LabelRuns putAside() throws StorageFailure {
        LabelRuns into = aside;
        if (into == null) {
            into = new LabelRuns(disk, asidePath);
            aside = into;
        }
        into.add(writeHeld(into.out()));
        labels.clear();
        before.clear();
        heldBytes = 0;
        return into;
    }

    @Override
    public void close() throws StorageFailure {
        if (aside != null) {
            aside.close();
        }
    }
}

package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.model.SeriesKeyReader;
import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Cancellation;
import io.metricstream.select.Queryable;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * A part as one reader sees it: where damage is passed over, less the samples and series of the pages that cannot be read;
 * where a page of the index cannot be read, nothing that has to be found by it.
 */
@ThreadSafe("immutable; every call has an input of its own")
final class PartView implements Queryable {
    private final Part part;
    private final Contents contents;
    private final PartDamage damage;

    PartView(Part part, Contents contents, PartDamage damage) {
        this.part = part;
        this.contents = contents;
        this.damage = damage;
    }

    @Override
    public SeriesCursor select(Selection selection) throws StorageFailure {
        part.acquire();
        PartInput input = part.input(!selection.matchers().isEmpty());
        try {
            PartHeader header = contents.header();
            boolean overlaps =
                    header.minMillis() <= selection.toMillis() && selection.fromMillis() <= header.maxMillis();
            var series = new RoaringBitmap();
            if (overlaps) {
                tolerating(() -> series.or(selected(input, selection)));
            }
            return new PartCursor(part, new PartCursor.Source(input, contents, damage), series, selection);
        } catch (StorageFailure | RuntimeException e) {
            input.close();
            part.release();
            throw e;
        }
    }

    @Override
    public List<String> labelNames(Selection selection, int limit) throws StorageFailure {
        var names = new TreeSet<String>(Labels::compareText);
        if (selection.matchers().isEmpty()) {
            contents.labels().forEach(label -> names.add(text(label)));
        } else {
            try (PartInput input = part.input(true)) {
                tolerating(() -> {
                    RoaringBitmap selected = selected(input, selection);
                    for (Contents.LabelPages label : contents.labels()) {
                        tolerating(() -> addIfAny(label, selected, input, names, selection.cancellation()));
                    }
                });
            }
        }
        return names.stream().limit(limit).toList();
    }

    @Override
    public List<String> labelValues(String label, Selection selection, int limit) throws StorageFailure {
        var values = new TreeSet<String>(Labels::compareText);
        try (PartInput input = part.input(true)) {
            tolerating(() -> {
                RoaringBitmap selected = selection.matchers().isEmpty() ? null : selected(input, selection);
                var index = new LabelIndex(input, contents);
                if (index.open(label)) {
                    while (values.size() < limit && index.next()) {
                        selection.cancellation().check();
                        if (selected == null || intersects(index, selected)) {
                            values.add(index.text());
                        }
                    }
                }
            });
        }
        return List.copyOf(values);
    }

    @Override
    public Map<String, Set<MetricType>> types(Selection selection, int limit) throws StorageFailure {
        var types = new TreeMap<String, Set<MetricType>>(Labels::compareText);
        try (PartInput input = part.input(true)) {
            tolerating(() -> {
                if (selection.matchers().isEmpty()) {
                    new MetricTypes(input, contents).addTo(types, part.metricTypes(input), limit);
                } else {
                    addTypes(input, selection, types, limit);
                }
            });
        }
        return types;
    }

    private void addTypes(PartInput input, Selection selection, NavigableMap<String, Set<MetricType>> types, int limit)
            throws StorageFailure {
        IntIterator series = selected(input, selection).getIntIterator();
        var reader = new SeriesReader(input, contents);
        var texts = new SeriesKeyReader();
        byte[] before = new byte[0];
        Set<MetricType> ofMetric = EnumSet.noneOf(MetricType.class);
        while (series.hasNext()) {
            selection.cancellation().check();
            reader.moveTo(series.next());
            texts.open(reader.key(), 0);
            // Neighbours are most often of one metric, and no text is made of its name again.
            int from = texts.valueAt();
            int to = from + texts.valueLength();
            if (!Arrays.equals(before, 0, before.length, reader.key(), from, to)) {
                before = Arrays.copyOfRange(reader.key(), from, to);
                String metric = new String(before, StandardCharsets.UTF_8);
                ofMetric = types.computeIfAbsent(metric, name -> EnumSet.noneOf(MetricType.class));
                if (types.size() > limit) {
                    types.pollLastEntry();
                }
            }
            ofMetric.add(SeriesKey.type(reader.key()));
        }
    }

    private interface Reading {
        void run() throws StorageFailure;
    }

    /** Where damage is passed over, the reading ends with it and what was found before stays. */
    private void tolerating(Reading reading) throws StorageFailure {
        try {
            reading.run();
        } catch (StorageFailure.Corrupt e) {
            damage.onDamage(e);
            if (!damage.passesOver()) {
                throw e;
            }
        }
    }

    private RoaringBitmap selected(PartInput input, Selection selection) throws StorageFailure {
        return new Postings(input, contents, selection.cancellation()).select(selection.matchers());
    }

    private void addIfAny(
            Contents.LabelPages label,
            RoaringBitmap selected,
            PartInput input,
            Set<String> names,
            Cancellation cancellation)
            throws StorageFailure {
        var index = new LabelIndex(input, contents);
        index.open(label);
        boolean any = false;
        while (!any && index.next()) {
            cancellation.check();
            any = intersects(index, selected);
        }
        if (any) {
            names.add(text(label));
        }
    }

    private static boolean intersects(LabelIndex index, RoaringBitmap selected) throws StorageFailure {
        var series = new RoaringBitmap();
        index.addTo(series);
        return RoaringBitmap.intersects(series, selected);
    }

    private static String text(Contents.LabelPages label) {
        return new String(label.name(), StandardCharsets.UTF_8);
    }
}

package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Matcher;
import io.metricstream.select.Queryable;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * An open part.
 *
 * <p>Thread: any number. Order: a cursor keeps the part open until it is closed; {@link #close} takes effect then.
 * Nothing may be asked after {@link #close}.
 */
@ThreadSafe("immutable once open")
public final class Part implements Queryable, AutoCloseable {
    private final PartHeader header;
    private final List<StoredSeries> series;

    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    record StoredSeries(byte[] key, Labels labels, long[] times, double[] values) {}

    private Part(PartHeader header, List<StoredSeries> series) {
        this.header = header;
        this.series = series;
    }

    /** Opens a part. Fails: {@link StorageFailure.Corrupt} where it is damaged. */
    public static Part open(Disk disk, Path path) throws StorageFailure {
        try (DiskFile file = disk.openRead(path)) {
            ByteBuffer in = ByteBuffer.allocate((int) file.size());
            while (in.hasRemaining() && file.read(in, in.position()) >= 0) {
                // Until all is there.
            }
            in.flip();
            var crc = new CRC32C();
            if (in.limit() > 52) {
                crc.update(in.duplicate().limit(in.limit() - 4));
            }
            if (in.limit() <= 52
                    || in.getLong(0) != PartWriter.MAGIC
                    || in.getInt(in.limit() - 4) != (int) crc.getValue()) {
                throw new StorageFailure.Corrupt(path, 0, "checksum");
            }
            return read(in.position(8));
        }
    }

    private static Part read(ByteBuffer in) {
        int bytes = in.limit();
        var origin = new PartHeader.Origin(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
        var all = new ArrayList<StoredSeries>();
        long samples = 0;
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (int keyLength = in.getInt(); keyLength > 0; keyLength = in.getInt()) {
            byte[] key = new byte[keyLength];
            in.get(key);
            long[] times = new long[16];
            double[] values = new double[16];
            int at = 0;
            for (int count = in.getInt(); count > 0; count = in.getInt()) {
                times = Arrays.copyOf(times, at + count);
                values = Arrays.copyOf(values, at + count);
                for (int end = at + count; at < end; at++) {
                    times[at] = in.getLong();
                    values[at] = Double.longBitsToDouble(in.getLong());
                    min = Math.min(min, times[at]);
                    max = Math.max(max, times[at]);
                }
            }
            samples += at;
            all.add(new StoredSeries(
                    key, SeriesKey.labels(key, keyLength), Arrays.copyOf(times, at), Arrays.copyOf(values, at)));
        }
        return new Part(new PartHeader(origin, new PartSummary(all.size(), samples, bytes, min, max)), all);
    }

    public PartHeader header() {
        return header;
    }

    /** The labels with the number of series that have them; the caller closes it. */
    public LabelCounts labelCounts() throws StorageFailure {
        var counts = new TreeMap<String, Map<String, Long>>(Labels::compareText);
        for (StoredSeries one : series) {
            for (int i = 0; i < one.labels.size(); i++) {
                counts.computeIfAbsent(one.labels.name(i), n -> new TreeMap<>(Labels::compareText))
                        .merge(one.labels.value(i), 1L, Long::sum);
            }
        }
        return new MapCounts(counts);
    }

    @Override
    public SeriesCursor select(Selection selection) throws StorageFailure {
        return new PartCursor(matching(selection), selection);
    }

    @Override
    public List<String> labelNames(Selection selection, int limit) throws StorageFailure {
        var names = new TreeSet<String>(Labels::compareText);
        for (StoredSeries one : matching(selection)) {
            for (int i = 0; i < one.labels.size(); i++) {
                names.add(one.labels.name(i));
            }
        }
        return names.stream().limit(limit).toList();
    }

    @Override
    public List<String> labelValues(String label, Selection selection, int limit) throws StorageFailure {
        var values = new TreeSet<String>(Labels::compareText);
        for (StoredSeries one : matching(selection)) {
            values.add(one.labels.get(label));
        }
        values.remove("");
        return values.stream().limit(limit).toList();
    }

    @Override
    public Map<String, Set<MetricType>> types(Selection selection, int limit) throws StorageFailure {
        var types = new TreeMap<String, Set<MetricType>>(Labels::compareText);
        for (StoredSeries one : matching(selection)) {
            types.computeIfAbsent(one.labels.get(Labels.NAME), n -> EnumSet.noneOf(MetricType.class))
                    .add(SeriesKey.type(one.key));
        }
        while (types.size() > limit) {
            types.pollLastEntry();
        }
        return types;
    }

    private List<StoredSeries> matching(Selection selection) {
        return series.stream()
                .filter(one -> {
                    for (Matcher matcher : selection.matchers()) {
                        if (!matcher.matches(one.labels.get(matcher.label()))) {
                            return false;
                        }
                    }
                    for (long time : one.times) {
                        if (time >= selection.fromMillis() && time <= selection.toMillis()) {
                            return true;
                        }
                    }
                    return false;
                })
                .toList();
    }

    @Override
    public void close() {
        // All of it is in memory.
    }
}

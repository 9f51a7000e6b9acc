package io.metricstream.api;

import io.metricstream.model.Labels;
import io.metricstream.model.SeriesKey;
import io.metricstream.model.SeriesKeyReader;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts series by metric, label, and label with value. It goes over them twice: for the counts, and for the texts of the
 * largest ones, so that no text but those is kept.
 *
 * <p>Order: {@link #count} over a cursor, then {@link #name} over one of the same selection. Limits: {@value #MOST_PAIRS}
 * different labels with value, {@value #MOST_METRICS} metrics and {@value #MOST_LABELS} labels, some 35 MiB; what is beyond
 * is not counted, and {@link #isFull} says so.
 */
@OwnedBy(Role.QUERY)
final class Cardinality {
    static final int MOST_PAIRS = 1_000_000;
    static final int MOST_METRICS = 250_000;
    static final int MOST_LABELS = 10_000;
    /** An odd number whose bits look random. */
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private static final byte[] NAME = Labels.NAME.getBytes(StandardCharsets.UTF_8);

    private final PairCounts metrics = new PairCounts(MOST_METRICS);
    private final PairCounts pairs = new PairCounts(MOST_PAIRS);
    private final Map<Long, Label> labels = new HashMap<>();
    private final SeriesKeyReader reader = new SeriesKeyReader();
    private long series;
    private boolean labelsFull;

    /** One label name. */
    static final class Label {
        final String name;
        long series;
        long values;
        long valueBytes;

        Label(String name) {
            this.name = name;
        }
    }

    void count(SeriesCursor cursor) throws StorageFailure {
        while (cursor.next()) {
            series++;
            byte[] key = cursor.key();
            reader.open(key, 0);
            if (reader.valueLength() > 0) {
                metrics.add(SeriesKey.hash(key, reader.valueAt(), reader.valueLength()));
                add(key, NAME, 0, NAME.length);
            }
            while (reader.nextTag()) {
                add(key, key, reader.keyAt(), reader.keyLength());
            }
        }
    }

    /** The texts of these pairs, with those of these metrics. */
    Map<Long, String> name(SeriesCursor cursor, Collection<Long> wantedMetrics, Collection<Long> wantedPairs)
            throws StorageFailure {
        var texts = new HashMap<Long, String>();
        int wanted = wantedMetrics.size() + wantedPairs.size();
        int found = 0;
        while (found < wanted && cursor.next()) {
            byte[] key = cursor.key();
            reader.open(key, 0);
            long metric = SeriesKey.hash(key, reader.valueAt(), reader.valueLength());
            if (wantedMetrics.contains(metric) && texts.putIfAbsent(metric, value(key)) == null) {
                found++;
            }
            found += namePair(texts, wantedPairs, NAME, 0, NAME.length, key);
            while (reader.nextTag()) {
                found += namePair(texts, wantedPairs, key, reader.keyAt(), reader.keyLength(), key);
            }
        }
        return texts;
    }

    long series() {
        return series;
    }

    PairCounts metrics() {
        return metrics;
    }

    PairCounts pairs() {
        return pairs;
    }

    Collection<Label> labels() {
        return labels.values();
    }

    boolean isFull() {
        return labelsFull || metrics.isFull() || pairs.isFull();
    }

    private void add(byte[] key, byte[] label, int at, int length) {
        long hash = SeriesKey.hash(label, at, length);
        Label known = labels.get(hash);
        if (known == null) {
            if (labels.size() == MOST_LABELS) {
                labelsFull = true;
                return;
            }
            known = new Label(new String(label, at, length, StandardCharsets.UTF_8));
            labels.put(hash, known);
        }
        known.series++;
        if (pairs.add(pairHash(hash, key))) {
            known.values++;
            known.valueBytes += reader.valueLength();
        }
    }

    private int namePair(
            Map<Long, String> texts, Collection<Long> wanted, byte[] label, int at, int length, byte[] key) {
        long hash = pairHash(SeriesKey.hash(label, at, length), key);
        if (!wanted.contains(hash) || texts.containsKey(hash)) {
            return 0;
        }
        texts.put(hash, new String(label, at, length, StandardCharsets.UTF_8) + '=' + value(key));
        return 1;
    }

    private long pairHash(long labelHash, byte[] key) {
        long valueHash = SeriesKey.hash(key, reader.valueAt(), reader.valueLength());
        return Long.rotateLeft(labelHash * SPREAD, 29) + valueHash * SPREAD;
    }

    private String value(byte[] key) {
        return new String(key, reader.valueAt(), reader.valueLength(), StandardCharsets.UTF_8);
    }
}

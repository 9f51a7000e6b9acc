package io.metricstream.server;

import io.metricstream.export.FolderSource;
import io.metricstream.export.SampleSource;
import io.metricstream.export.SourceLoss;
import io.metricstream.model.Series;
import io.metricstream.select.Selection;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a data folder holds, each sample as {@code name{tags} type value@timestamp}: while a server runs on it in the order
 * in which it was stored, after a stop by series and time.
 */
final class StoredSamples implements SampleSource.Sink {
    private final Map<Integer, String> series = new HashMap<>();
    private final List<String> samples = new ArrayList<>();

    private StoredSamples() {}

    static List<String> of(Path data) throws StorageFailure {
        var stored = new StoredSamples();
        read(data, stored);
        return stored.samples;
    }

    /** Gives a sink everything in a folder, all of which must be readable. */
    static void read(Path data, SampleSource.Sink sink) throws StorageFailure {
        try (FolderSource source = FolderSource.open(new RealDisk(), data)) {
            SourceLoss loss = source.read(Selection.ALL, sink, bytes -> {});
            if (!loss.isNone()) {
                throw new AssertionError("not everything can be read: " + loss);
            }
        }
    }

    @Override
    public void onSeries(int ref, Series of) {
        series.put(ref, of.name() + new TreeMap<>(of.tags()) + " " + of.type().text());
    }

    @Override
    public void onSample(int ref, long timestampMillis, double value) {
        samples.add(series.get(ref) + " " + value + "@" + timestampMillis);
    }
}

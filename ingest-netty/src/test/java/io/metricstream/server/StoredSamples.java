package io.metricstream.server;

import io.metricstream.model.SeriesKey;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.WalPosition;
import io.metricstream.storage.wal.WalReader;
import io.metricstream.storage.wal.WalReplay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a data folder holds, each sample as {@code name{tags} type value@timestamp}, in the order it was stored. */
final class StoredSamples implements WalReplay {
    private final Map<Integer, String> series = new HashMap<>();
    private final List<String> samples = new ArrayList<>();

    StoredSamples() {}

    static List<String> of(Path data) throws StorageFailure {
        var stored = new StoredSamples();
        new WalReader(new RealDisk(), data, WalPosition.START, stored, bytes -> {}).readTo(null);
        return stored.samples;
    }

    @Override
    public void onSeries(int ref, byte[] key, int offset, int length) {
        var parsed = SeriesKey.parse(key, offset, length);
        series.put(
                ref,
                parsed.name() + new TreeMap<>(parsed.tags()) + " "
                        + parsed.type().text());
    }

    @Override
    public void onSamples(long sequence, int count, int[] refs, long[] timestampsMillis, double[] values) {
        for (int i = 0; i < count; i++) {
            samples.add(series.get(refs[i]) + " " + values[i] + "@" + timestampsMillis[i]);
        }
    }
}

package io.metricstream.export;

import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Selection;
import io.metricstream.storage.Disk;
import io.metricstream.storage.SameThreadExecutor;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.Wal;
import io.metricstream.storage.wal.WalConfig;
import io.metricstream.storage.wal.WalPosition;
import io.metricstream.storage.wal.WalRecovery;
import io.metricstream.storage.wal.WalReplay;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A real log that a test writes to. The durable position is published as the disk writer does. */
final class TestLog implements AutoCloseable {
    final Disk disk;
    final Path folder;
    private final Wal log;
    private int series;
    private long samples;
    private volatile WalPosition durable;

    private TestLog(Disk disk, Path folder, Wal log) {
        this.disk = disk;
        this.folder = folder;
        this.log = log;
        this.durable = log.durablePosition();
    }

    static TestLog open(Disk disk, Path folder) throws StorageFailure {
        var log = new WalRecovery(disk, folder, LogRetention.open(disk, folder))
                .open(
                        new WalConfig(Durability.FSYNC, 64 << 10, 0),
                        new Forgetful(),
                        (done, total) -> {},
                        new SameThreadExecutor(),
                        NanoClock.system());
        var opened = new TestLog(disk, folder, log.log());
        opened.series = log.report().nextRef();
        return opened;
    }

    private record Forgetful() implements WalReplay {
        @Override
        public void onSeries(int ref, byte[] key, int offset, int length) {}

        @Override
        public void onSamples(long sequence, int count, int[] refs, long[] timestampsMillis, double[] values) {}
    }

    /** The key of a series that was not given another by {@link #series}. */
    private static byte[] keyOf(int ref) {
        return SeriesKey.of(MetricType.GAUGE, "metric", Map.of("series", String.valueOf(ref)));
    }

    Wal wal() {
        return log;
    }

    void series(int ref, MetricType type, String name, Map<String, String> tags) throws StorageFailure {
        byte[] key = SeriesKey.of(type, name, tags);
        log.appendSeries(ref, key, 0, key.length);
    }

    void sample(int ref, long timestampMillis, double value) throws StorageFailure {
        log.appendSamples(TestLog::keyOf, new int[] {ref}, new long[] {timestampMillis}, new double[] {value}, 1);
    }

    void commit() throws StorageFailure {
        log.commit();
        durable = log.durablePosition();
    }

    /** So many records of a few samples each, among them new series, in groups. */
    void fill(int records) throws StorageFailure {
        for (int i = 0; i < records; i++) {
            if (i % 10 == 0) {
                series++;
            }
            int count = 1 + i % 4;
            var refs = new int[count];
            var times = new long[count];
            var values = new double[count];
            for (int j = 0; j < count; j++) {
                refs[j] = (int) ((samples * 7) % series);
                times[j] = samples;
                values[j] = samples++ / 4.0;
            }
            log.appendSamples(TestLog::keyOf, refs, times, values, count);
            if (i % 3 == 0) {
                commit();
            }
        }
        commit();
    }

    FollowedLog followed() throws StorageFailure {
        return new FollowedLog(disk, folder, () -> durable, LogRetention.open(disk, folder));
    }

    /** All of the log as lines. */
    String lines() throws StorageFailure {
        var text = new StringBuilder();
        var export = new Export(LineFormat.JSONL, lines -> text.append(StandardCharsets.UTF_8.decode(lines)));
        try (FolderSource source = FolderSource.open(disk, folder)) {
            SourceLoss unused = export.run(source, Selection.ALL, bytes -> {});
        }
        return text.toString();
    }

    @Override
    public void close() throws StorageFailure {
        log.close();
        durable = log.durablePosition();
    }
}

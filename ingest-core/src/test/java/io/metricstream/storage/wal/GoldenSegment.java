package io.metricstream.storage.wal;

import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.model.SeriesKeys;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.SameThreadExecutor;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Makes the segment that is kept as src/test/resources/format/wal-v1.wal. The file was made once, with {@link #main}, and
 * is never made again: where today's writer makes other bytes, the format has changed and needs a new version, and a new
 * file beside this one.
 */
final class GoldenSegment {
    static final String NAME = "wal-v1.wal";
    static final long NUMBER = 7;
    static final long LOG_ID = 0x0123456789abcdefL;
    static final long FIRST_SEQUENCE = 1_000_000;
    private static final Path DATA = Path.of("data");

    private GoldenSegment() {}

    /** Writes the file into this folder; refuses where it is there. */
    public static void main(String[] args) throws StorageFailure, IOException {
        Files.write(Path.of(args[0]).resolve(NAME), bytes(), StandardOpenOption.CREATE_NEW);
    }

    /** Two groups and one of which a record is damaged, closed, and recovered once. */
    static byte[] bytes() throws StorageFailure {
        var disk = new CrashingDisk(DATA);
        var files = new SegmentFiles(disk, WalReader.folder(DATA));
        disk.createFolders(files.folder());
        var config = new WalConfig(Durability.FSYNC, 64 << 10, 0);
        var executor = new SameThreadExecutor();
        LogRetention retention = LogRetention.open(disk, DATA);
        var start = new LogStart(LOG_ID, NUMBER, FIRST_SEQUENCE, 0);
        try (Wal log = new Wal(files, config, start, retention, executor, NanoClock.system())) {
            byte[] plain = SeriesKey.of(MetricType.GAUGE, "up", Map.of());
            byte[] tagged =
                    SeriesKey.of(MetricType.COUNTER, "Anfragen_gesamt", Map.of("straße", "Königsallee", "b", "1"));
            log.appendSeries(0, plain, 0, plain.length);
            log.appendSamples(SeriesKeys.NONE, new int[] {0}, new long[] {1_763_900_000_000L}, new double[] {75.5}, 1);
            log.commit();
            log.appendSeries(70_000, tagged, 0, tagged.length);
            log.appendSamples(
                    SeriesKeys.NONE,
                    new int[] {70_000, 0, -1, 70_000, 0, 0},
                    new long[] {-1, Long.MAX_VALUE, 5, Long.MIN_VALUE, 0, 0},
                    new double[] {
                        -0.0,
                        Double.MIN_VALUE,
                        99,
                        Double.NEGATIVE_INFINITY,
                        Double.longBitsToDouble(0x7ff0000000000002L),
                        Double.longBitsToDouble(0xfff8000000000abcL)
                    },
                    6);
            log.commit();
            log.appendSamples(SeriesKeys.NONE, new int[] {0}, new long[] {42}, new double[] {1}, 1);
            log.appendSamples(SeriesKeys.NONE, new int[] {0}, new long[] {43}, new double[] {2}, 1);
            log.commit();
        }
        byte[] damaged = disk.read(files.path(NUMBER));
        damaged[NumberedLog.recordsOf(damaged).get(4) + 30] ^= 0x20;
        disk.plant(files.path(NUMBER), damaged);
        new WalRecovery(disk, DATA, LogRetention.open(disk, DATA))
                .open(config, new TextReplay(), (done, total) -> {}, executor, NanoClock.system());
        return disk.read(files.path(NUMBER));
    }
}

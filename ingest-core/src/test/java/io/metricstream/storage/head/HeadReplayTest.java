package io.metricstream.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.SameThreadExecutor;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.RecoveryReport;
import io.metricstream.storage.wal.Wal;
import io.metricstream.storage.wal.WalConfig;
import io.metricstream.storage.wal.WalRecovery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HeadReplayTest {
    private static final Path DATA = Path.of("data");
    private static final WalConfig LOG = new WalConfig(Durability.FSYNC, 64 << 10, 0);
    private static final HeadConfig CONFIG = new HeadConfig(8 << 20, Duration.ofHours(2), SeriesLimits.NONE);

    private final CrashingDisk disk = new CrashingDisk(DATA);
    private final FrozenList sink = new FrozenList();

    private record Replayed(Head head, HeadReplay replay, Wal log, RecoveryReport report) {
        /** Memtable by memtable, newest first: name and values of each series. */
        List<String> content() throws StorageFailure {
            var content = new ArrayList<String>();
            try (HeadSnapshot snapshot = head.acquire()) {
                for (Memtable memtable : snapshot.memtables()) {
                    var text = new StringBuilder();
                    try (SeriesCursor cursor = memtable.select(Selection.ALL)) {
                        while (cursor.next()) {
                            text.append(cursor.labels().get("__name__"));
                            var runs = cursor.samples();
                            while (runs.next()) {
                                for (int i = 0; i < runs.count(); i++) {
                                    text.append(' ').append((long) runs.values()[i]);
                                }
                            }
                            text.append(';');
                        }
                    }
                    content.add(text.toString());
                }
            }
            return content;
        }
    }

    private Replayed replay(long flushedUpTo, long... cuts) throws StorageFailure {
        var head = new Head(CONFIG, sink, () -> 1);
        var replay = new HeadReplay(head, flushedUpTo, cuts);
        WalRecovery.Recovered recovered = new WalRecovery(disk, DATA, LogRetention.open(disk, DATA))
                .open(LOG, replay, (done, total) -> {}, new SameThreadExecutor(), () -> 1);
        replay.finish(recovered.log().durablePosition().sequence());
        return new Replayed(head, replay, recovered.log(), recovered.report());
    }

    private static byte[] key(String name) {
        return SeriesKey.of(MetricType.GAUGE, name, Map.of());
    }

    private static void write(Wal log, int ref, String name, int value) throws StorageFailure {
        log.appendSamples(r -> key(name), new int[] {ref}, new long[] {value}, new double[] {value}, 1);
        log.commit();
    }

    /** Records 0 and 1 are of "first", 2 and 3, in an epoch of their own, of "second", by the same ref. */
    private void writeTwoEpochs() throws StorageFailure {
        try (Wal log = replay(-1).log()) {
            write(log, 0, "first", 1);
            log.startEpoch();
            write(log, 0, "second", 2);
        }
    }

    @Test
    void takesARefForWhatItMeansInItsEpoch() throws Exception {
        writeTwoEpochs();
        assertThat(replay(-1).content()).containsExactly("first 1;second 2;");
    }

    @Test
    void giveNoSampleToTheSeriesThatItsRefMeantBefore() throws Exception {
        writeTwoEpochs();
        Path segment = DATA.resolve("wal/00000001.wal");
        byte[] bytes = disk.read(segment);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("second")] ^= 1;
        disk.plant(segment, bytes);
        Replayed replayed = replay(-1);
        assertThat(replayed.content()).containsExactly("first 1;");
        assertThat(replayed.report().orphanSamples()).isEqualTo(1);
        assertThat(replayed.report().recordsLost()).isEqualTo(1);
    }

    @Test
    void leavesOutWhatIsInParts() throws Exception {
        writeTwoEpochs();
        Replayed replayed = replay(1);
        assertThat(replayed.content()).containsExactly("second 2;");
        assertThat(replayed.replay().skippedSamples()).isEqualTo(1);
        assertThat(replayed.head().flushedUpTo()).isEqualTo(1);
        assertThat(replay(3).content()).containsExactly("");
    }

    @Test
    void endsMemtablesWhereSomethingWasDeleted() throws Exception {
        try (Wal log = replay(-1).log()) {
            for (int value = 1; value <= 6; value++) {
                write(log, 0, "x", value);
            }
        }
        // Record 0 is the series, record n holds the value n, and 7 is the end record.
        Replayed replayed = replay(-1, 2, 2, 5);
        assertThat(replayed.content()).containsExactly("x 6;", "x 3 4 5;", "x 1 2;");
        assertThat(replayed.head().frozenUpTo()).isEqualTo(5);
        assertThat(sink.size()).isEqualTo(2);
        assertThat(replay(3, 2, 5).content()).containsExactly("x 6;", "x 4 5;");
        Replayed atEnd = replay(-1, 6);
        assertThat(atEnd.content()).containsExactly("", "x 1 2 3 4 5 6;");
        assertThat(atEnd.head().frozenUpTo()).isEqualTo(6);
    }

    @Test
    void numbersRefsAnewAndGoesOnWithThem() throws Exception {
        try (Wal log = replay(-1).log()) {
            write(log, 70_000, "x", 1);
        }
        Replayed replayed = replay(-1);
        assertThat(replayed.head().series().size()).isEqualTo(1);
        write(replayed.log(), 0, "x", 2);
        replayed.log().close();
        assertThat(replay(-1).content()).containsExactly("x 1 2;");
    }
}

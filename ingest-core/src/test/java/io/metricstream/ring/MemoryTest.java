package io.metricstream.ring;

import static io.metricstream.ring.WriterByHand.DATA;
import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.model.SeriesKeys;
import io.metricstream.select.Selection;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.SameThreadExecutor;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.FrozenList;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.HeadReplay;
import io.metricstream.storage.head.Memtable;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import io.metricstream.storage.head.StoredSeries;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.WalConfig;
import io.metricstream.storage.wal.WalRecovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the disk writer does with memory. */
final class MemoryTest {
    private static final HeadConfig SMALL =
            new HeadConfig(1 << 20, Duration.ofHours(2), SeriesLimits.of(20_000, 4 << 20));

    private final CrashingDisk disk = new CrashingDisk(DATA);
    private final Ledger ledger = new Ledger();
    private final List<WriteOutcome> outcomes = new ArrayList<>();

    private WriteRequest request(WriterByHand writer, int samples) {
        return writer.request(ledger, samples);
    }

    /** One sample of each of these series of another kind than the ledger's, resolved by this table. */
    private WriteRequest plain(WriterByHand writer, SeriesTable table, int from, int to) {
        var request = new WriteRequest(writer.loop, done -> outcomes.add(done.outcome()));
        request.batch().begin(table);
        for (int series = from; series < to; series++) {
            byte[] key = SeriesKey.of(MetricType.GAUGE, "plain", Map.of("part", String.valueOf(series)));
            long hash = SeriesKey.hash(key, 0, key.length);
            int ref = table.find(key, 0, key.length, hash);
            request.batch().add(ref >= 0 ? ref : request.batch().addNewSeries(key, 0, key.length, hash), 7, series);
        }
        return request;
    }

    @Test
    void showsWhatIsStoredBeforeItIsAnswered() throws Exception {
        WriterByHand writer = WriterByHand.recover(disk, SMALL);
        var seen = new ArrayList<Long>();
        var asking = new Completions() {
            @Override
            public int index() {
                return 1;
            }

            @Override
            public void onGroupDone(WriteRequest first) {
                try (var memory = writer.head.acquire()) {
                    seen.add(memory.memtables().get(0).samples());
                }
            }
        };
        writer.group(request(writer, 3));
        assertThat(writer.publish(ledger.request(asking, writer.head.series(), 4)))
                .isTrue();
        writer.run();
        assertThat(seen).containsExactly(7L);
    }

    @Test
    void neverShowsAGroupThatWasRolledBack() throws Exception {
        WriterByHand writer = WriterByHand.recover(disk, SMALL);
        writer.group(request(writer, 10));
        disk.capacityBytes(usedBytes());
        while (writer.status.state() == WriterState.WRITING) {
            writer.group(request(writer, 900));
        }
        ledger.check(writer.stored(), "the disk is full");
        long stored;
        try (var memory = writer.head.acquire()) {
            stored = memory.memtables().stream().mapToLong(Memtable::samples).sum();
        }
        assertThat(stored).isEqualTo(ledger.acknowledged());
        disk.capacityBytes(Long.MAX_VALUE);
        writer.idle(Duration.ofSeconds(2));
        writer.group(request(writer, 50));
        ledger.check(writer.stored(), "the disk has room again");
    }

    @Test
    void leavesTheReserveOfTheDiskToWhatIsFlushed() throws Exception {
        long reserve = 1 << 20;
        WriterByHand writer = WriterByHand.recover(disk, SMALL, reserve);
        writer.group(request(writer, 500));
        disk.capacityBytes(usedBytes() + reserve - 1);
        writer.idle(Duration.ofSeconds(1));
        assertThat(writer.status.state()).isEqualTo(WriterState.DISK_LOW);
        writer.group(plain(writer, writer.head.series(), 0, 1));
        assertThat(outcomes).containsExactly(WriteOutcome.DISK_FULL);
        writer.flush();
        assertThat(writer.head.flushedUpTo()).as("memory was frozen").isPositive();
        writer.idle(Duration.ofSeconds(2));
        assertThat(writer.status.state()).isEqualTo(WriterState.DISK_LOW);
        disk.capacityBytes(usedBytes() + reserve);
        writer.idle(Duration.ofSeconds(2));
        assertThat(writer.status.state()).isEqualTo(WriterState.WRITING);
        while (writer.status.state() == WriterState.WRITING) {
            writer.group(request(writer, 900));
        }
        assertThat(disk.usableBytes(DATA)).as("a new segment leaves it too").isGreaterThanOrEqualTo(reserve);
        ledger.check(writer.stored(), "the reserve is all that is left");
        ledger.check(WriterByHand.recover(disk.afterKill(), SMALL).stored(), "after a kill");
    }

    private long usedBytes() {
        return disk.files().values().stream().mapToLong(f -> f.length).sum();
    }

    @Test
    void waitsAndThenRefusesWhileMemoryIsFull() throws Exception {
        WriterByHand writer = WriterByHand.recover(disk, SMALL);
        while (writer.head.bytes() < SMALL.maxBytes()) {
            writer.group(request(writer, 900));
            assertThat(writer.status.state()).isEqualTo(WriterState.WRITING);
        }
        writer.group(plain(writer, writer.head.series(), 0, 1));
        assertThat(outcomes).containsExactly(WriteOutcome.FLUSH_BEHIND);
        assertThat(writer.status.state()).isEqualTo(WriterState.FLUSH_BEHIND);
        writer.flush();
        writer.idle(Duration.ofMillis(100));
        assertThat(writer.status.state()).isEqualTo(WriterState.WRITING);
        writer.group(request(writer, 5));
        ledger.check(writer.stored(), "memory has room again");
        ledger.check(WriterByHand.recover(disk.afterKill(), SMALL).stored(), "after a kill");
    }

    @Test
    void recoversMoreThanMemoryHasRoomForWhileItIsFlushed() throws Exception {
        WriterByHand writer = WriterByHand.recover(disk, new HeadConfig(64 << 20, Duration.ofHours(2), SMALL.series()));
        for (int i = 0; i < 250; i++) {
            writer.group(request(writer, 1000));
        }
        CrashingDisk after = disk.afterKill();
        WriterByHand next = WriterByHand.recoverFlushing(after, SMALL);
        assertThat(next.head.bytes()).isLessThan(SMALL.maxBytes());
        assertThat(next.retention.checkpoint().sequence()).isPositive();
        ledger.check(next.stored(), "while it is flushed");
        ledger.check(WriterByHand.recover(after.afterKill(), SMALL).stored(), "after another kill");
    }

    @Test
    void freezesBetweenWhatCameBeforeAndAfter() throws Exception {
        WriterByHand writer = WriterByHand.recover(disk, SMALL);
        assertThat(writer.publish(request(writer, 3))).isTrue();
        var freeze = new FreezeRequest();
        assertThat(writer.publish(freeze)).isTrue();
        assertThat(writer.publish(request(writer, 5))).isTrue();
        writer.run();
        assertThat(freeze.frozenUpTo().join()).isPresent();
        try (var memory = writer.head.acquire()) {
            assertThat(memory.memtables().get(0).samples()).isEqualTo(5);
            assertThat(memory.memtables().get(1).samples()).isEqualTo(3);
            assertThat(memory.memtables().get(1).lastSequence())
                    .isEqualTo(freeze.frozenUpTo().join().getAsLong());
        }
        writer.sink.full(true);
        assertThat(writer.freeze()).isEqualTo(OptionalLong.empty());
    }

    @Test
    void whoeverFreezesHearsOfABug() throws Exception {
        WriterByHand writer = WriterByHand.recover(disk, SMALL);
        writer.group(request(writer, 3));
        writer.sink.breakDown();
        var freeze = new FreezeRequest();
        assertThat(writer.publish(freeze)).isTrue();
        writer.run();
        assertThat(freeze.frozenUpTo()).isCompletedExceptionally();
        assertThat(writer.status.state()).isEqualTo(WriterState.FAILED);
        assertThat(writer.freeze()).as("as writing has failed").isEqualTo(OptionalLong.empty());
    }

    /** Series that stopped are forgotten while a request that knows them by their old refs is under way. */
    @Test
    void resolvesRequestsOfAForgottenTableAnew() throws Exception {
        WriterByHand writer = WriterByHand.recover(disk, SMALL);
        SeriesTable before = writer.head.series();
        writer.group(plain(writer, before, 0, 6000));
        writer.idle(Duration.ofMinutes(11));
        assertThat(writer.freeze()).isPresent();
        writer.group(plain(writer, before, 5000, 5100));
        WriteRequest old = plain(writer, before, 0, 6010);
        WriteRequest partly = plain(writer, before, 5099, 5101);
        assertThat(old.batch().newSeriesCount()).isEqualTo(10);
        writer.idle(Duration.ofMinutes(11));
        assertThat(writer.freeze()).isPresent();
        assertThat(writer.head.series()).isNotSameAs(before);
        assertThat(writer.head.series().size()).isEqualTo(100);
        writer.group(partly, old);
        assertThat(outcomes).containsOnly(WriteOutcome.STORED);
        assertThat(writer.head.series().size()).isEqualTo(6010);
        assertThat(plainValues(writer.head)).isEqualTo(6010);
        assertThat(plainValues(headOf(disk.afterKill()))).isEqualTo(6010);
    }

    /** What a start finds. */
    private static Head headOf(CrashingDisk disk) throws StorageFailure {
        var head = new Head(SMALL, new FrozenList(), () -> 1);
        LogRetention retention = LogRetention.open(disk, DATA);
        WalRecovery.Recovered recovered = new WalRecovery(disk, DATA, retention)
                .open(
                        new WalConfig(Durability.FSYNC, WriterByHand.SEGMENT_BYTES, 0),
                        new HeadReplay(head, retention.checkpoint().sequence(), new long[0]),
                        (done, total) -> {},
                        new SameThreadExecutor(),
                        () -> 1);
        assertThat(recovered.report().orphanSamples()).isZero();
        return head;
    }

    /** How many of the plain series there are, each with the value that belongs to it. */
    private static int plainValues(Head head) throws StorageFailure {
        var series = new BitSet();
        try (var memory = head.acquire()) {
            for (var memtable : memory.memtables()) {
                try (var cursor = memtable.select(Selection.ALL)) {
                    while (cursor.next()) {
                        int part = Integer.parseInt(cursor.labels().get("part"));
                        var runs = cursor.samples();
                        assertThat(runs.next()).isTrue();
                        assertThat(runs.count()).isEqualTo(1);
                        assertThat(runs.values()[0]).isEqualTo(part);
                        series.set(part);
                    }
                }
            }
        }
        return series.cardinality();
    }

    private static HeadConfig limited(int perMetric, int perHour) {
        return new HeadConfig(1 << 20, Duration.ofHours(2), new SeriesLimits(20_000, 4 << 20, perMetric, perHour));
    }

    @Test
    void refusesNewSeriesOfAMetricAndOfAClientThatHaveHadEnough() throws Exception {
        WriterByHand writer = WriterByHand.recover(disk, limited(10, 0));
        WriteRequest tooMany = plain(writer, writer.head.series(), 0, 12);
        writer.group(tooMany);
        assertThat(tooMany.notStored()).isEqualTo(2);
        assertThat(WriteRequest.whyNot(tooMany.batch().refs()[11])).isEqualTo(WriteRequest.METRIC_FULL);
        writer.group(request(writer, 30));
        assertThat(ledger.acknowledged()).as("another metric").isEqualTo(30);

        WriterByHand other = WriterByHand.recover(new CrashingDisk(DATA), limited(0, 10));
        WriteRequest first = plain(other, other.head.series(), 0, 12);
        first.client("a");
        WriteRequest second = plain(other, other.head.series(), 12, 14);
        second.client("b");
        other.group(first, second);
        assertThat(first.notStored()).isEqualTo(2);
        assertThat(WriteRequest.whyNot(first.batch().refs()[10])).isEqualTo(WriteRequest.CLIENT_FULL);
        assertThat(second.notStored()).isZero();
        other.idle(Duration.ofMinutes(61));
        WriteRequest later = plain(other, other.head.series(), 0, 20);
        later.client("a");
        other.group(later);
        assertThat(later.notStored()).isZero();
    }

    /** After a start the table is empty, but parts have them. */
    @Test
    void countsNoSeriesAsNewThatWasStoredBefore() throws Exception {
        for (boolean allOrNothing : new boolean[] {false, true}) {
            WriterByHand writer = WriterByHand.recover(new CrashingDisk(DATA), limited(0, 10));
            var stored = new StoredSeries(100);
            var known = plain(writer, writer.head.series(), 0, 15).batch();
            for (int i = 0; i < known.newSeriesCount(); i++) {
                stored.add(known.newSeriesHash(i));
            }
            writer.head.onStored(stored);
            WriteRequest request = plain(writer, writer.head.series(), 0, 25);
            request.allOrNothing(allOrNothing);
            writer.group(request);
            assertThat(request.notStored()).as("15 known ones and 10 new").isZero();
            WriteRequest more = plain(writer, writer.head.series(), 10, 28);
            more.allOrNothing(allOrNothing);
            writer.group(more);
            assertThat(more.notStored()).isEqualTo(3);
        }
    }

    @Test
    void storesNothingWhereAllIsWantedAndASeriesCannotBe() throws Exception {
        for (HeadConfig config : List.of(limited(10, 0), limited(0, 10))) {
            WriterByHand writer = WriterByHand.recover(new CrashingDisk(DATA), config);
            WriteRequest tooMany = plain(writer, writer.head.series(), 0, 12);
            tooMany.allOrNothing(true);
            writer.group(tooMany);
            assertThat(tooMany.outcome()).isEqualTo(WriteOutcome.REFUSED);
            assertThat(tooMany.notStored()).isEqualTo(2);
            assertThat(writer.head.series().size()).isZero();
            WriteRequest enough = plain(writer, writer.head.series(), 0, 10);
            enough.allOrNothing(true);
            writer.group(enough);
            assertThat(enough.outcome()).isEqualTo(WriteOutcome.STORED);
        }
    }

    @Test
    void refusesSamplesWhoseSeriesDoesNotFitAfterTheTableWasForgotten() throws Exception {
        WriterByHand writer = WriterByHand.recover(
                disk, new HeadConfig(1 << 20, Duration.ofHours(2), SeriesLimits.of(6000, 4 << 20)));
        SeriesTable before = writer.head.series();
        writer.group(plain(writer, before, 0, 6000));
        writer.idle(Duration.ofMinutes(11));
        assertThat(writer.freeze()).isPresent();
        writer.group(plain(writer, before, 0, 100));
        WriteRequest old = plain(writer, before, 50, 60);
        writer.idle(Duration.ofMinutes(11));
        assertThat(writer.freeze()).isPresent();
        writer.group(plain(writer, writer.head.series(), 10_000, 15_900));
        WriteRequest stale = new WriteRequest(writer.loop, done -> outcomes.add(done.outcome()));
        stale.batch().begin(before);
        stale.batch().add(5_000, 8, 1);
        writer.group(old, stale);
        assertThat(old.notStored()).isZero();
        assertThat(stale.notStored()).isEqualTo(1);
        assertThat(WriteRequest.whyNot(stale.batch().refs()[0])).isEqualTo(WriteRequest.NOT_STORED);
        assertThat(stale.batch().series()).isNotSameAs(SeriesKeys.NONE);
    }
}

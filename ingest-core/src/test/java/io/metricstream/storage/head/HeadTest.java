package io.metricstream.storage.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Queryable;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HeadTest {
    private static final int SAMPLES = 1000;
    private static final long MEBIBYTE = 1 << 20;

    private final FrozenList sink = new FrozenList();
    private final HeadConfig config =
            new HeadConfig(4 * MEBIBYTE, Duration.ofHours(2), SeriesLimits.of(20_000, 4 * MEBIBYTE));
    private long nowNanos = 1;
    private final Head head = new Head(config, sink, () -> nowNanos);
    private long sequence = 10;

    @BeforeEach
    void start() {
        head.startAt(sequence);
    }

    private int add(int series) {
        byte[] key = SeriesKey.of(MetricType.GAUGE, "x", Map.of("n", "n" + series));
        long hash = SeriesKey.hash(key, 0, key.length);
        int ref = head.series().find(key, 0, key.length, hash);
        return ref >= 0 ? ref : head.series().add(key, 0, key.length, hash);
    }

    /** One record of so many samples of one series; true where it made the memtable freeze. */
    private boolean append(int ref, int samples) throws StorageFailure {
        int[] refs = new int[samples];
        Arrays.fill(refs, ref);
        long[] times = new long[samples];
        for (int i = 0; i < samples; i++) {
            times[i] = sequence * SAMPLES + i;
        }
        head.append(refs, times, new double[samples], samples);
        return head.onApplied(++sequence);
    }

    private void appendUntilFrozen() throws StorageFailure {
        int ref = add(0);
        while (!append(ref, SAMPLES)) {
            assertThat(head.bytes()).isLessThan(config.maxBytes());
        }
    }

    private static long count(Queryable memory) throws StorageFailure {
        long count = 0;
        try (SeriesCursor cursor = memory.select(Selection.ALL)) {
            while (cursor.next()) {
                var runs = cursor.samples();
                while (runs.next()) {
                    count += runs.count();
                }
            }
        }
        return count;
    }

    private List<Long> counts() throws StorageFailure {
        var counts = new ArrayList<Long>();
        try (HeadSnapshot snapshot = head.acquire()) {
            for (Queryable memory : snapshot.newestFirst()) {
                counts.add(count(memory));
            }
        }
        return counts;
    }

    @Test
    void freezesAtHalfOfItsBytes() throws Exception {
        appendUntilFrozen();
        assertThat(sink.size()).isEqualTo(1);
        assertThat(head.bytes()).isBetween(config.maxBytes() / 2, config.maxBytes() / 2 + MEBIBYTE);
        assertThat(counts()).containsExactly(0L, (sequence - 10) * SAMPLES);
        assertThat(head.frozenUpTo()).isEqualTo(sequence - 1);
        assertThat(head.flushedUpTo()).isEqualTo(9);
        assertThat(sink.flushOldest(head)).isEqualTo(sequence - 1);
        assertThat(head.flushedUpTo()).isEqualTo(sequence - 1);
        assertThat(counts()).containsExactly(0L);
        assertThat(head.bytes()).isZero();
    }

    @Test
    void freezesWhatIsOld() throws Exception {
        append(add(0), 1);
        nowNanos += config.maxAge().toNanos() - 1;
        assertThat(head.onApplied(sequence)).isFalse();
        nowNanos++;
        assertThat(head.onApplied(sequence)).isTrue();
        nowNanos += 2 * config.maxAge().toNanos();
        assertThat(head.onApplied(sequence)).as("an empty one has no age").isFalse();
    }

    @Test
    void hasNoRoomWhileItsOtherHalfIsNotFlushed() throws Exception {
        appendUntilFrozen();
        int ref = add(1);
        while (head.tryMakeRoom()) {
            append(ref, SAMPLES);
        }
        assertThat(head.bytes()).isBetween(config.maxBytes(), config.maxBytes() + MEBIBYTE);
        sink.flushOldest(head);
        assertThat(head.tryMakeRoom()).isTrue();
    }

    @Test
    void hasNoRoomWhileTheSinkTakesNothing() throws Exception {
        sink.full(true);
        int ref = add(0);
        while (head.tryMakeRoom()) {
            assertThat(append(ref, SAMPLES)).isFalse();
        }
        assertThat(head.bytes()).isBetween(config.maxBytes(), config.maxBytes() + MEBIBYTE);
        assertThat(head.tryFreeze()).isFalse();
        sink.full(false);
        assertThat(head.tryMakeRoom()).as("frozen, but not flushed").isFalse();
        sink.flushOldest(head);
        assertThat(head.tryMakeRoom()).isTrue();
    }

    @Test
    void usesThePagesOfFlushedMemtablesAgain() throws Exception {
        int ref = add(0);
        for (int round = 0; round < 5; round++) {
            while (!append(ref, SAMPLES)) {
                // Until it is frozen.
            }
            long first = sequence;
            sink.flushOldest(head);
            append(ref, 7);
            assertThat(counts()).as("from record " + first).containsExactly(7L);
        }
    }

    @Test
    void freezesWhenAskedTo() throws Exception {
        append(add(0), 3);
        assertThat(head.tryFreeze()).isTrue();
        assertThat(head.frozenUpTo()).isEqualTo(10);
        assertThat(sink.size()).isEqualTo(1);
        head.onApplied(++sequence);
        assertThat(head.tryFreeze()).isTrue();
        assertThat(sink.size()).as("nothing to freeze").isEqualTo(1);
        assertThat(head.frozenUpTo()).as("records without samples").isEqualTo(11);
    }

    @Test
    void keepsWhatASnapshotHolds() throws Exception {
        append(add(0), 5);
        assertThat(head.tryFreeze()).isTrue();
        HeadSnapshot held = head.acquire();
        SeriesCursor cursor = held.newestFirst().get(1).select(Selection.ALL);
        sink.flushOldest(head);
        held.close();
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.samples().next()).isTrue();
        cursor.close();
        Queryable gone = held.memtables().get(1);
        assertThatThrownBy(() -> gone.select(Selection.ALL)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void forgetsNoSeriesWhileTheLogIsRead() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            int unused = add(i);
        }
        append(0, 1);
        SeriesTable before = head.series();
        nowNanos += Duration.ofMinutes(11).toNanos();
        head.tryFreeze();
        assertThat(head.series()).isSameAs(before);
        head.releaseOwner();
        append(0, 1);
        head.tryFreeze();
        assertThat(head.series()).as("ten minutes after that").isSameAs(before);
    }

    @Test
    void countsWhatACursorHolds() throws Exception {
        appendUntilFrozen();
        HeadSnapshot snapshot = head.acquire();
        SeriesCursor cursor = snapshot.newestFirst().get(1).select(Selection.ALL);
        snapshot.close();
        sink.flushOldest(head);
        assertThat(head.bytes()).as("read, and so not free").isBetween(config.maxBytes() / 2, config.maxBytes());
        int ref = add(1);
        for (int flushed = 0; flushed < 3; flushed++) {
            while (head.tryMakeRoom()) {
                append(ref, SAMPLES);
                assertThat(head.bytes()).isLessThan(config.maxBytes() + MEBIBYTE);
            }
            sink.flushOldest(head);
            assertThat(head.tryMakeRoom()).as("what is not held is flushed").isTrue();
        }
        cursor.close();
        assertThat(head.bytes()).isZero();
    }

    @Test
    void forgetsSeriesThatStopWhenTheyAreMost() throws Exception {
        head.releaseOwner();
        for (int i = 0; i < 10_000; i++) {
            append(add(i), 1);
        }
        SeriesTable before = head.series();
        nowNanos += Duration.ofMinutes(11).toNanos();
        head.tryFreeze();
        assertThat(head.series()).as("all were written since the last look").isSameAs(before);
        for (int i = 9_000; i < 10_000; i++) {
            append(add(i), 1);
        }
        nowNanos += Duration.ofMinutes(11).toNanos();
        head.tryFreeze();
        assertThat(head.series()).isNotSameAs(before);
        assertThat(head.series().size()).isEqualTo(1000);
        assertThat(add(9_500)).isLessThan(1000);
        assertThat(add(5)).isEqualTo(1000);
        append(add(5), 2);
        assertThat(counts()).as("memory reads old and new refs").containsExactly(2L, 1000L, 10_000L);
    }

    /** Less than half are gone, but others wait for their places. */
    @Test
    void forgetsSeriesThatStopWhenThereIsNoRoom() throws Exception {
        head.releaseOwner();
        for (int i = 0; i < 20_000; i++) {
            append(add(i), 1);
        }
        assertThat(add(20_000)).isEqualTo(SeriesTable.FULL);
        nowNanos += Duration.ofMinutes(11).toNanos();
        head.tryFreeze();
        for (int i = 6_000; i < 20_000; i++) {
            append(add(i), 1);
        }
        nowNanos += Duration.ofMinutes(11).toNanos();
        head.tryFreeze();
        assertThat(head.series().size()).isEqualTo(14_000);
        assertThat(add(20_000)).isEqualTo(14_000);
    }

    @Test
    void keepsSeriesThatAreWrittenNowAndThen() throws Exception {
        head.releaseOwner();
        for (int i = 0; i < 10_000; i++) {
            append(add(i), 1);
        }
        SeriesTable before = head.series();
        for (int i = 0; i < 60; i++) {
            nowNanos += Duration.ofSeconds(30).toNanos();
            append(add(i % 10), 1);
            head.tryFreeze();
            sink.flushOldest(head);
            if (i % 15 == 0) {
                for (int ref = 0; ref < 6_000; ref++) {
                    append(ref, 1);
                }
            }
        }
        assertThat(head.series()).isSameAs(before);
    }
}

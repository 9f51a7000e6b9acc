package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class PartitionTest {
    private static final long DAY = 86_400_000L;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void everyTimeLiesInExactlyOnePartition() {
        for (long span : List.of(DAY, 30 * DAY)) {
            for (long time : List.of(
                    Long.MIN_VALUE,
                    Long.MIN_VALUE + 1,
                    -DAY - 1,
                    -DAY,
                    -1L,
                    0L,
                    1L,
                    DAY - 1,
                    DAY,
                    1_763_900_000_000L,
                    Long.MAX_VALUE - 1,
                    Long.MAX_VALUE)) {
                Partition in = Partition.of(time, span);
                assertThat(time).isBetween(in.startMillis(), in.lastMillis());
                if (in.startMillis() > Long.MIN_VALUE) {
                    assertThat(Partition.of(in.startMillis() - 1, span).lastMillis())
                            .isEqualTo(in.startMillis() - 1);
                }
                if (in.lastMillis() < Long.MAX_VALUE) {
                    assertThat(Partition.of(in.lastMillis() + 1, span).startMillis())
                            .isEqualTo(in.lastMillis() + 1);
                }
            }
        }
    }

    @Test
    void isNamedByItsDayAndLength() {
        assertThat(Partition.of(1_763_900_000_000L, DAY).folderName()).isEqualTo("2025-11-23_1d");
        assertThat(Partition.of(-1, DAY).folderName()).isEqualTo("1960-02-23_3600d");
        assertThat(Partition.of(0, 30 * DAY).folderName()).isEqualTo("1970-01-01_3600d");
        assertThat(Partition.of(Long.MIN_VALUE, DAY).folderName()).startsWith("-292275055-05-");
        assertThat(Partition.of(Long.MAX_VALUE, DAY).folderName()).startsWith("2393-");
    }

    @Test
    void isADayLongWhereLittleIsKeptAndThirtyOtherwise() {
        assertThat(Partition.spanMillis(Duration.ofDays(30))).isEqualTo(DAY);
        assertThat(Partition.spanMillis(Duration.ofDays(365))).isEqualTo(30 * DAY);
    }

    @Test
    void areAFewWhateverTimesComeAndTheSameFarAwayForEverySpan() {
        var all = new TreeSet<Partition>();
        for (Partition at = Partition.of(Long.MIN_VALUE, 30 * DAY);
                all.add(at) && at.lastMillis() < Long.MAX_VALUE;
                at = Partition.of(at.lastMillis() + 1, 30 * DAY)) {
            assertThat(all.size()).isLessThan(10_000);
            if (at.spanMillis() > 30 * DAY) {
                assertThat(Partition.of(at.startMillis(), DAY)).isEqualTo(at);
                assertThat(Partition.of(at.lastMillis(), DAY)).isEqualTo(at);
            }
        }
        assertThat(all).hasSize(Partition.MOST);
        for (int i = 0; i < 10_000; i++) {
            assertThat(all).contains(Partition.of(random.nextLong(), 30 * DAY));
        }
    }

    /** Days, then thirty days, then days again, as the retention is changed. */
    @Test
    void doNotOverlapWhenTheSpanChanges() {
        var there = new TreeSet<Partition>();
        for (int round = 0; round < 20; round++) {
            long span = random.nextBoolean() ? DAY : 30 * DAY;
            var partitions = new Partitions(there, span);
            for (int i = 0; i < 20; i++) {
                long time =
                        random.nextInt(10) == 0 ? random.nextLong() : 1_763_900_000_000L + random.nextInt(400) * DAY;
                Partition of = partitions.of(time);
                assertThat(of.contains(time)).isTrue();
                assertThat(partitions.of(time)).isEqualTo(of);
                there.add(of);
            }
            long end = Long.MIN_VALUE;
            for (Partition partition : there) {
                assertThat(partition.startMillis()).as("seed=" + seed).isGreaterThanOrEqualTo(end);
                end = partition.lastMillis();
            }
            there.removeIf(partition -> random.nextInt(3) == 0);
        }
    }
}

package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PartitionTest {
    private static final long DAY = 86_400_000L;

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
        assertThat(Partition.of(-1, DAY).folderName()).isEqualTo("1969-12-31_1d");
        assertThat(Partition.of(Long.MIN_VALUE, 30 * DAY).folderName()).endsWith("_30d");
        assertThat(Partition.of(Long.MAX_VALUE, 30 * DAY).folderName())
                .startsWith("+")
                .endsWith("_30d");
    }

    @Test
    void isADayLongWhereLittleIsKeptAndThirtyOtherwise() {
        assertThat(Partition.spanMillis(Duration.ofDays(30))).isEqualTo(DAY);
        assertThat(Partition.spanMillis(Duration.ofDays(365))).isEqualTo(30 * DAY);
    }
}

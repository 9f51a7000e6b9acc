package io.metricstream.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class NewSeriesWindowsTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long HOUR = 60 * MINUTE;

    /** Never more than the limit in any hour, and never fewer than in an hour and a minute. */
    @RepeatedTest(10)
    void letsNoMoreThanTheLimitThroughInAnyHour() {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        int max = 1 + random.nextInt(30);
        long now = random.nextLong() >> 4;
        var windows = new NewSeriesWindows(max, now);
        Deque<Long> added = new ArrayDeque<>();
        for (int i = 0; i < 3000; i++) {
            now += (long) (random.nextDouble() * random.nextDouble() * HOUR / 10);
            long at = now;
            added.removeIf(time -> at - time >= HOUR + MINUTE);
            long inHour = added.stream().filter(time -> at - time < HOUR).count();
            int room = windows.room("a", now);
            assertThat(inHour + room).as("-Dseed=%d, step %d", seed, i).isLessThanOrEqualTo(max);
            assertThat(added.size() + room).as("-Dseed=%d, step %d", seed, i).isGreaterThanOrEqualTo(max);
            if (room > 0 && random.nextInt(3) > 0) {
                windows.add("a", now);
                added.add(now);
            }
        }
    }

    @Test
    void countsEachClientByItself() {
        var windows = new NewSeriesWindows(2, 0);
        windows.add("a", 1);
        windows.add("a", 1);
        assertThat(windows.room("a", 2)).isZero();
        assertThat(windows.room("b", 2)).isEqualTo(2);
        assertThat(windows.room("a", HOUR + MINUTE)).isEqualTo(2);
    }

    @Test
    void hasRoomForAllWithoutALimit() {
        var windows = new NewSeriesWindows(0, 0);
        windows.add("a", 1);
        assertThat(windows.room("a", 1)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void letsACrowdOfClientsShareOneWindowAndForgetsIt() {
        var windows = new NewSeriesWindows(5, 0);
        for (int i = 0; i < 20_000; i++) {
            if (windows.room("c" + i, 1) > 0) {
                windows.add("c" + i, 1);
            }
        }
        assertThat(windows.room("c1", 2)).isEqualTo(4);
        assertThat(windows.room("another", 2)).isZero();
        assertThat(windows.room("another", 2 * HOUR)).isEqualTo(5);
    }
}

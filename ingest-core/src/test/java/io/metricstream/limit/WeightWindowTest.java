package io.metricstream.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightWindowTest {
    private static final long SECOND = CountWindow.WINDOW_NANOS;

    @Test
    void joinsAdmissionsOfOneInstant() {
        WeightWindow window = new WeightWindow();
        for (int i = 0; i < 1000; i++) {
            window.add(7, 3);
        }
        assertThat(window.entries()).isEqualTo(1);
        assertThat(window.weight()).isEqualTo(3000);
        window.expire(7 + SECOND);
        assertThat(window.weight()).isZero();
    }

    @Test
    void countsNoWeightShorterThanASecondAndHardlyLongerWhenThereAreMoreThanFit() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        WeightWindow window = new WeightWindow();
        ArrayDeque<long[]> exact = new ArrayDeque<>();
        ArrayDeque<long[]> longer = new ArrayDeque<>();
        long exactWeight = 0;
        long longerWeight = 0;
        long now = random.nextLong() >> 2;
        for (int i = 0; i < 1_500_000; i++) {
            // About 650,000 a second, ten times what fits, with pauses.
            now += random.nextInt(300_000) == 0 ? random.nextLong(SECOND) : random.nextInt(3000);
            long weight = 1 + random.nextInt(100);
            window.expire(now);
            window.add(now, weight);
            exact.add(new long[] {now, weight});
            longer.add(new long[] {now, weight});
            exactWeight += weight - expired(exact, now, SECOND);
            longerWeight += weight - expired(longer, now, SECOND + WeightWindow.COARSE_NANOS);
            if (window.weight() < exactWeight || window.weight() > longerWeight) {
                assertThat(window.weight()).as("seed=%d, i=%d", seed, i).isBetween(exactWeight, longerWeight);
            }
        }
        assertThat(window.capacity()).as("seed=%d", seed).isEqualTo(WeightWindow.MAX_ENTRIES);
        assertThat(window.entries()).isGreaterThan(1);
    }

    private static long expired(ArrayDeque<long[]> admissions, long now, long ageNanos) {
        long weight = 0;
        while (now - admissions.getFirst()[0] >= ageNanos) {
            weight += admissions.removeFirst()[1];
        }
        return weight;
    }
}

package io.metricstream.promql.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.metricstream.promql.parse.Function;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A window that slides says what one says that was begun anew. */
final class WindowFunctionsTest {
    private static final Function[] FUNCTIONS = {
        Function.RATE,
        Function.INCREASE,
        Function.DELTA,
        Function.IRATE,
        Function.IDELTA,
        Function.AVG_OVER_TIME,
        Function.SUM_OVER_TIME,
        Function.COUNT_OVER_TIME,
        Function.MIN_OVER_TIME,
        Function.MAX_OVER_TIME,
        Function.FIRST_OVER_TIME,
        Function.LAST_OVER_TIME,
        Function.CHANGES,
        Function.RESETS,
        Function.STDDEV_OVER_TIME,
        Function.MAD_OVER_TIME,
        Function.DERIV
    };
    private static final double[] NONE = new double[0];

    private static Samples samples(Random random) {
        var samples = new Samples();
        long time = random.nextInt(1000);
        double counter = 0;
        int kind = random.nextInt(4);
        for (int i = random.nextInt(400); i > 0; i--) {
            time += 1 + random.nextInt(50);
            counter = random.nextInt(20) == 0 ? 0 : counter + random.nextInt(100);
            double infinite = random.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
            double special = random.nextInt(3) == 0 ? Double.NaN : random.nextBoolean() ? infinite : -1e12;
            double value =
                    switch (kind) {
                        case 0 -> counter;
                        case 1 -> random.nextInt(5);
                        case 2 -> random.nextGaussian() * 1e6;
                        default -> random.nextInt(10) == 0 ? special : random.nextGaussian();
                    };
            samples.add(time, value);
        }
        return samples;
    }

    private static Samples sameTimes(Samples of, Random random) {
        Samples values = samples(random);
        var samples = new Samples();
        for (int i = 0; i < of.size(); i++) {
            samples.add(of.timeMillis(i), i < values.size() ? values.value(i) : i);
        }
        return samples;
    }

    /** One window, at which the function stands. */
    private static Window window(Samples samples, WindowFunction function, long start, long end) {
        var window = new Window(new long[] {end}, new long[] {end}, end - start, NONE);
        function.begin(samples, window.begin(samples));
        window.moveTo(0);
        return window;
    }

    @Property(tries = 300)
    void slidesAsIfItWereBegunAnew(@ForAll long seed) {
        var random = new Random(seed);
        for (Function function : FUNCTIONS) {
            WindowFunction sliding = WindowFunctions.of(function);
            long length = 1 + random.nextInt(5000);
            long interval = 1 + random.nextInt(1000);
            long[] ends = LongStream.iterate(0, end -> end < 20_000, end -> end + interval)
                    .toArray();
            var window = new Window(ends, ends, length, NONE);
            Samples before = samples(random);
            for (int series = 0; series < 5; series++) {
                Samples samples = samples(random);
                if (random.nextBoolean()) {
                    samples = sameTimes(before, random);
                }
                before = samples;
                sliding.begin(samples, window.begin(samples));
                for (int step = 0; step < ends.length; step++) {
                    window.moveTo(step);
                    check(function, sliding, window, samples, ends[step] - length, ends[step]);
                }
                checkAll(sliding, window, samples);
            }
        }
    }

    /** All steps at once come to what they come to one by one. */
    private static void checkAll(WindowFunction function, Window window, Samples samples) {
        if (function instanceof StepsFunction all) {
            var results = new double[window.steps()];
            var there = new long[window.steps() / 64 + 1];
            all.begin(samples, window.begin(samples));
            all.computeAll(window, results, there);
            all.begin(samples, false);
            for (int step = 0; step < window.steps(); step++) {
                window.moveTo(step);
                boolean has = window.size() > 0 && all.compute(window);
                assertThat((there[step / 64] >>> step & 1) != 0).isEqualTo(has);
                if (has) {
                    assertThat(Double.compare(results[step], window.result())).isZero();
                }
            }
        }
    }

    private static void check(
            Function function, WindowFunction sliding, Window window, Samples all, long start, long end) {
        var within = new Samples();
        for (int i = 0; i < all.size(); i++) {
            if (all.timeMillis(i) > start && all.timeMillis(i) <= end) {
                within.add(all.timeMillis(i), all.value(i));
            }
        }
        assertThat(window.size()).isEqualTo(within.size());
        if (within.size() == 0) {
            return;
        }
        WindowFunction fresh = WindowFunctions.of(function);
        Window anew = window(within, fresh, start, end);
        boolean wanted = fresh.compute(anew);
        assertThat(sliding.compute(window)).isEqualTo(wanted);
        if (wanted) {
            double a = window.result();
            double b = anew.result();
            boolean same = Double.compare(a, b) == 0 || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
            assertThat(same)
                    .as("%s of %d samples: %s and %s", function, within.size(), a, b)
                    .isTrue();
        }
    }

    @Test
    void averagesWhatOverflowsAsASum() {
        WindowFunction average = WindowFunctions.of(Function.AVG_OVER_TIME);
        var samples = new Samples();
        for (int i = 0; i < 100; i++) {
            samples.add(i, 1e308);
        }
        Window window = window(samples, average, -1, 1000);
        assertThat(average.compute(window)).isTrue();
        assertThat(window.result()).isCloseTo(1e308, withinPercentage(1e-9));
    }

    @Test
    void sumsKeepWhatAdditionLoses() {
        WindowFunction sum = WindowFunctions.of(Function.SUM_OVER_TIME);
        var samples = new Samples();
        for (int i = 0; i < 200; i++) {
            samples.add(4L * i, 1e100);
            samples.add(4L * i + 1, 1);
            samples.add(4L * i + 2, -1e100);
        }
        Window window = window(samples, sum, -1, 10_000);
        assertThat(sum.compute(window)).isTrue();
        assertThat(window.result()).isEqualTo(200);
    }
}

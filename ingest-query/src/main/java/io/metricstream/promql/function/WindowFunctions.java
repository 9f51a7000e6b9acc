package io.metricstream.promql.function;

import io.metricstream.promql.parse.Function;

/** The functions of a range of samples. */
public final class WindowFunctions {
    private static final double MILLIS = 1000;

    private WindowFunctions() {}

    /** One for a query to use; fails with IllegalArgumentException where the function takes no range. */
    public static WindowFunction of(Function function) {
        return switch (function) {
            case RATE -> new Rate(true, true);
            case INCREASE -> new Rate(true, false);
            case DELTA -> new Rate(false, false);
            case IRATE -> window -> lastTwo(window, true);
            case IDELTA -> window -> lastTwo(window, false);
            case AVG_OVER_TIME -> new Average();
            case SUM_OVER_TIME -> sum();
            case COUNT_OVER_TIME -> new Count();
            case MAX_OVER_TIME -> new Extremum(true);
            case MIN_OVER_TIME -> new Extremum(false);
            case FIRST_OVER_TIME -> window -> window.give(window.first());
            case LAST_OVER_TIME -> window -> window.give(window.last());
            case PRESENT_OVER_TIME, ABSENT_OVER_TIME -> window -> window.give(1);
            case CHANGES -> PairCounts.changes();
            case RESETS -> PairCounts.resets();
            case STDDEV_OVER_TIME -> window -> window.give(Math.sqrt(variance(window)));
            case STDVAR_OVER_TIME -> window -> window.give(variance(window));
            case QUANTILE_OVER_TIME ->
                new Spread((window, values) -> Quantiles.of(window.argument(0), values, window.size()));
            case MAD_OVER_TIME -> new Spread(WindowFunctions::medianDeviation);
            case DERIV ->
                window -> window.size() >= 2
                        && window.give(Regression.of(window, window.timeMillis(window.from()))
                                .slope());
            case PREDICT_LINEAR -> WindowFunctions::predict;
            case DOUBLE_EXPONENTIAL_SMOOTHING -> WindowFunctions::smooth;
            case TS_OF_FIRST_OVER_TIME -> window -> window.give(window.timeMillis(window.from()) / MILLIS);
            case TS_OF_LAST_OVER_TIME -> window -> window.give(window.timeMillis(window.to() - 1) / MILLIS);
            case TS_OF_MAX_OVER_TIME -> window -> timeOf(window, true);
            case TS_OF_MIN_OVER_TIME -> window -> timeOf(window, false);
            default -> throw new IllegalArgumentException("no function of a range: " + function.text());
        };
    }

    /** What the function needs of samples that all its windows have together. */
    public static Needed needed(Function function) {
        return switch (function) {
            case COUNT_OVER_TIME, PRESENT_OVER_TIME, ABSENT_OVER_TIME -> Needed.COUNT;
            case MIN_OVER_TIME -> Needed.MIN;
            case MAX_OVER_TIME -> Needed.MAX;
            case SUM_OVER_TIME, AVG_OVER_TIME -> Needed.SUM;
            default -> Needed.VALUES;
        };
    }

    private static boolean lastTwo(Window window, boolean counter) {
        if (window.size() < 2) {
            return false;
        }
        int last = window.to() - 1;
        double before = window.value(last - 1);
        double value = window.value(last);
        double growth = counter && value < before ? value : value - before;
        double seconds = (window.timeMillis(last) - window.timeMillis(last - 1)) / MILLIS;
        return window.give(counter ? growth / seconds : growth);
    }

    private static WindowFunction sum() {
        var sums = new BlockSums();
        return new WindowFunction() {
            @Override
            public void begin(Samples samples, boolean sameTimes) {
                sums.begin();
            }

            @Override
            public boolean compute(Window window) {
                return window.give(sums.of(window).value());
            }
        };
    }

    private static double variance(Window window) {
        var mean = new KahanSum();
        var squares = new KahanSum();
        double count = 0;
        for (int i = window.from(); i < window.to(); i++) {
            count++;
            double delta = window.value(i) - (mean.sum() + mean.rest());
            mean.add(delta / count);
            squares.add(delta * (window.value(i) - (mean.sum() + mean.rest())));
        }
        return (squares.sum() + squares.rest()) / count;
    }

    private static double medianDeviation(Window window, double[] values) {
        int count = window.size();
        for (int i = 0; i < count; i++) {
            if (Double.isNaN(values[i])) {
                return Double.NaN;
            }
        }
        double median = Quantiles.of(0.5, values, count);
        for (int i = 0; i < count; i++) {
            values[i] = Math.abs(values[i] - median);
        }
        return Quantiles.of(0.5, values, count);
    }

    private static boolean predict(Window window) {
        if (window.size() < 2) {
            return false;
        }
        Regression line = Regression.of(window, window.nowMillis());
        return window.give(line.slope() * window.argument(0) + line.intercept());
    }

    /** Double exponential smoothing; the two factors are within 0 and 1. */
    private static boolean smooth(Window window) {
        if (window.size() < 2) {
            return false;
        }
        double smoothing = window.argument(0);
        double trending = window.argument(1);
        double before = 0;
        double smoothed = window.first();
        double trend = window.value(window.from() + 1) - window.first();
        for (int i = window.from() + 1; i < window.to(); i++) {
            if (i > window.from() + 1) {
                trend = trending * (smoothed - before) + (1 - trending) * trend;
            }
            double next = smoothing * window.value(i) + (1 - smoothing) * (smoothed + trend);
            before = smoothed;
            smoothed = next;
        }
        return window.give(smoothed);
    }

    private static boolean timeOf(Window window, boolean most) {
        int found = window.from();
        for (int i = window.from(); i < window.to(); i++) {
            double best = window.value(found);
            boolean better = most ? window.value(i) >= best : window.value(i) <= best;
            if (better || Double.isNaN(best)) {
                found = i;
            }
        }
        return window.give(window.timeMillis(found) / MILLIS);
    }
}

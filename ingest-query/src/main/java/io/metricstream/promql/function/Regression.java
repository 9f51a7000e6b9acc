package io.metricstream.promql.function;

/**
 * The straight line through the samples of a window by least squares.
 *
 * @param intercept its value at the time that was asked for
 */
record Regression(double slope, double intercept) {
    private static final double MILLIS = 1e3;

    static Regression of(Window window, long interceptMillis) {
        var sumX = new KahanSum();
        var sumY = new KahanSum();
        var sumXy = new KahanSum();
        var sumXx = new KahanSum();
        boolean constant = true;
        double first = window.first();
        for (int i = window.from(); i < window.to(); i++) {
            double y = window.value(i);
            constant &= i == window.from() || y == first;
            double x = (window.timeMillis(i) - interceptMillis) / MILLIS;
            sumX.add(x);
            sumY.add(y);
            sumXy.add(x * y);
            sumXx.add(x * x);
        }
        if (constant) {
            return Double.isInfinite(first) ? new Regression(Double.NaN, Double.NaN) : new Regression(0, first);
        }
        double n = window.size();
        double x = sumX.sum() + sumX.rest();
        double y = sumY.sum() + sumY.rest();
        double covariance = sumXy.sum() + sumXy.rest() - x * y / n;
        double variance = sumXx.sum() + sumXx.rest() - x * x / n;
        double slope = covariance / variance;
        return new Regression(slope, y / n - slope * x / n);
    }
}

package io.metricstream.load;

/**
 * How the values of a metric go on. Values are whole numbers of the last decimal place.
 *
 * @param shape what a next value has to do with the one before
 * @param low the least value, also of the first ones
 * @param high the greatest, for a counter only of the first ones
 * @param step how far a value moves at most at a time; for a counter how much it grows
 * @param oneIn a value changes once in so many times
 * @param decimals places behind the point
 * @param unit what a value is multiplied with before it is written
 */
record Signal(Shape shape, long low, long high, long step, int oneIn, int decimals, long unit) {
    /** What a next value has to do with the one before. */
    enum Shape {
        CONSTANT,
        WALK,
        COUNTER
    }

    static Signal constant(long value) {
        return new Signal(Shape.CONSTANT, value, value, 0, 1, 0, 1);
    }

    static Signal walk(long low, long high, long step) {
        return new Signal(Shape.WALK, low, high, step, 1, 0, 1);
    }

    static Signal counter(long high, long step) {
        return new Signal(Shape.COUNTER, 0, high, step, 1, 0, 1);
    }

    Signal decimals(int places) {
        return new Signal(shape, low, high, step, oneIn, places, unit);
    }

    Signal oneIn(int times) {
        return new Signal(shape, low, high, step, times, decimals, unit);
    }

    Signal times(long factor) {
        return new Signal(shape, low, high, step, oneIn, decimals, factor);
    }

    long first(long bits) {
        return low + Long.remainderUnsigned(bits, high - low + 1);
    }

    long next(long value, long bits) {
        if (shape == Shape.CONSTANT || (oneIn > 1 && (bits >>> 40) % oneIn != 0)) {
            return value;
        }
        if (shape == Shape.COUNTER) {
            return value + Randoms.below(bits, step + 1);
        }
        // The sum of two even distributions: small moves are more frequent than great ones.
        long move = Randoms.below(bits, step + 1) - Randoms.below(bits >>> 32, step + 1);
        return Math.max(low, Math.min(high, value + move));
    }
}

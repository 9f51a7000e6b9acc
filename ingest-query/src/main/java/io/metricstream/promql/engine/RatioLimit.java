package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.parse.Position;

/**
 * Which series are in a part of all: each has a place between 0 and 1 by its labels; a positive ratio takes those before it,
 * a negative one those that the positive one would leave. Stateless.
 */
final class RatioLimit {
    private RatioLimit() {}

    /** False where no step takes any; warns of ratios beyond 1. */
    static boolean check(double[] ratios, Evaluation evaluation, Position position) throws QueryException {
        double most = Double.NEGATIVE_INFINITY;
        double least = Double.POSITIVE_INFINITY;
        for (double ratio : ratios) {
            most = Math.max(most, ratio);
            least = Math.min(least, ratio);
        }
        if (most == 0 && least == 0) {
            return false;
        }
        if (Double.isNaN(most)) {
            throw QueryException.execution("Ratio value is NaN");
        }
        if (most > 1) {
            evaluation.annotations().invalidRatio(most, 1, position);
        }
        if (least < -1) {
            evaluation.annotations().invalidRatio(least, -1, position);
        }
        return true;
    }

    static boolean takes(double ratio, Labels labels) {
        double used = Math.max(-1, Math.min(1, ratio));
        double place = place(labels);
        return used >= 0 ? place < used : place >= 1 + used;
    }

    private static double place(Labels labels) {
        long hash = LabelHash.of(labels);
        return ((hash >>> 1) * 2.0 + (hash & 1)) / 0x1p64;
    }
}

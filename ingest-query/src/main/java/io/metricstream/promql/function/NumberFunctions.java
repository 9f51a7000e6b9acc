package io.metricstream.promql.function;

import io.metricstream.promql.parse.Function;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The functions of one number. Stateless. */
public final class NumberFunctions {
    private static final double LN_2 = Math.log(2);
    /** Beyond it, 1 does not change a square. */
    private static final double LARGE = 1 << 28;

    private static final double HALF_TURN = 180;

    private NumberFunctions() {}

    /** The function; null where it is none of one number. */
    public static @Nullable DoubleUnaryOperator of(Function function) {
        return switch (function) {
            case ABS -> Math::abs;
            case CEIL -> Math::ceil;
            case FLOOR -> Math::floor;
            case EXP -> Math::exp;
            case SQRT -> Math::sqrt;
            case LN -> Math::log;
            case LOG10 -> Math::log10;
            case LOG2 -> NumberFunctions::log2;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case TAN -> Math::tan;
            case ASIN -> Math::asin;
            case ACOS -> Math::acos;
            case ATAN -> Math::atan;
            case SINH -> Math::sinh;
            case COSH -> Math::cosh;
            case TANH -> Math::tanh;
            case ASINH -> NumberFunctions::asinh;
            case ACOSH -> NumberFunctions::acosh;
            case ATANH -> x -> 0.5 * Math.log1p(2 * x / (1 - x));
            case RAD -> x -> x * Math.PI / HALF_TURN;
            case DEG -> x -> x * HALF_TURN / Math.PI;
            case SGN -> x -> x < 0 ? -1 : x > 0 ? 1 : x;
            default -> null;
        };
    }

    /** The nearest multiple of a number, of two the larger. */
    public static double round(double x, double toNearest) {
        // The inverse is exact for the tenths and hundredths that are asked for, where they themselves are not.
        double inverse = 1 / toNearest;
        return Math.floor(x * inverse + 0.5) / inverse;
    }

    /** A number within bounds. What is infinite decides, even against what is no number, as in Go. */
    public static double clamp(double x, double least, double most) {
        boolean lowest = x == Double.NEGATIVE_INFINITY || most == Double.NEGATIVE_INFINITY;
        double lower = lowest ? Double.NEGATIVE_INFINITY : Math.min(x, most);
        boolean highest = lower == Double.POSITIVE_INFINITY || least == Double.POSITIVE_INFINITY;
        return highest ? Double.POSITIVE_INFINITY : Math.max(lower, least);
    }

    /** Exact for powers of two. */
    private static double log2(double x) {
        int exponent = Math.getExponent(x);
        boolean power = x >= Double.MIN_NORMAL && !Double.isInfinite(x) && x == Math.scalb(1.0, exponent);
        return power ? exponent : Math.log(x) * (1 / LN_2);
    }

    private static double asinh(double x) {
        double size = Math.abs(x);
        if (Double.isNaN(x) || Double.isInfinite(x) || x == 0) {
            return x;
        }
        double result = size > LARGE
                ? Math.log(size) + LN_2
                : Math.log1p(size + size * size / (1 + Math.sqrt(1 + size * size)));
        return Math.copySign(result, x);
    }

    private static double acosh(double x) {
        if (x < 1) {
            return Double.NaN;
        }
        if (x > LARGE) {
            return Math.log(x) + LN_2;
        }
        double t = x - 1;
        return Math.log1p(t + Math.sqrt(2 * t + t * t));
    }
}

package io.metricstream.promql.parse;

import static io.metricstream.promql.parse.ValueType.MATRIX;
import static io.metricstream.promql.parse.ValueType.SCALAR;
import static io.metricstream.promql.parse.ValueType.STRING;
import static io.metricstream.promql.parse.ValueType.VECTOR;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can be called, with the types of arguments and result. */
public enum Function {
    ABS(VECTOR),
    ABSENT(VECTOR),
    ABSENT_OVER_TIME(MATRIX),
    ACOS(VECTOR),
    ACOSH(VECTOR),
    ASIN(VECTOR),
    ASINH(VECTOR),
    ATAN(VECTOR),
    ATANH(VECTOR),
    AVG_OVER_TIME(MATRIX),
    CEIL(VECTOR),
    CHANGES(MATRIX),
    CLAMP(VECTOR, SCALAR, SCALAR),
    CLAMP_MAX(VECTOR, SCALAR),
    CLAMP_MIN(VECTOR, SCALAR),
    COS(VECTOR),
    COSH(VECTOR),
    COUNT_OVER_TIME(MATRIX),
    DAYS_IN_MONTH(1, VECTOR),
    DAY_OF_MONTH(1, VECTOR),
    DAY_OF_WEEK(1, VECTOR),
    DAY_OF_YEAR(1, VECTOR),
    DEG(VECTOR),
    DELTA(MATRIX),
    DERIV(MATRIX),
    DOUBLE_EXPONENTIAL_SMOOTHING(MATRIX, SCALAR, SCALAR),
    END(SCALAR, 0),
    EXP(VECTOR),
    FIRST_OVER_TIME(MATRIX),
    FLOOR(VECTOR),
    HISTOGRAM_AVG(VECTOR),
    HISTOGRAM_COUNT(VECTOR),
    HISTOGRAM_FRACTION(SCALAR, SCALAR, VECTOR),
    HISTOGRAM_QUANTILE(SCALAR, VECTOR),
    HISTOGRAM_STDDEV(VECTOR),
    HISTOGRAM_STDVAR(VECTOR),
    HISTOGRAM_SUM(VECTOR),
    HOUR(1, VECTOR),
    IDELTA(MATRIX),
    INCREASE(MATRIX),
    INFO(1, VECTOR, VECTOR),
    IRATE(MATRIX),
    LABEL_JOIN(Function.MANY, VECTOR, STRING, STRING, STRING),
    LABEL_REPLACE(VECTOR, STRING, STRING, STRING, STRING),
    LAST_OVER_TIME(MATRIX),
    LN(VECTOR),
    LOG10(VECTOR),
    LOG2(VECTOR),
    MAD_OVER_TIME(MATRIX),
    MAX_OF(SCALAR, 0, SCALAR, SCALAR),
    MAX_OVER_TIME(MATRIX),
    MINUTE(1, VECTOR),
    MIN_OF(SCALAR, 0, SCALAR, SCALAR),
    MIN_OVER_TIME(MATRIX),
    MONTH(1, VECTOR),
    PI(SCALAR, 0),
    PREDICT_LINEAR(MATRIX, SCALAR),
    PRESENT_OVER_TIME(MATRIX),
    QUANTILE_OVER_TIME(SCALAR, MATRIX),
    RAD(VECTOR),
    RANGE(SCALAR, 0),
    RATE(MATRIX),
    RESETS(MATRIX),
    ROUND(1, VECTOR, SCALAR),
    SCALAR_OF("scalar", SCALAR, VECTOR),
    SGN(VECTOR),
    SIN(VECTOR),
    SINH(VECTOR),
    SORT(VECTOR),
    SORT_BY_LABEL(Function.MANY, VECTOR, STRING),
    SORT_BY_LABEL_DESC(Function.MANY, VECTOR, STRING),
    SORT_DESC(VECTOR),
    SQRT(VECTOR),
    START(SCALAR, 0),
    STDDEV_OVER_TIME(MATRIX),
    STDVAR_OVER_TIME(MATRIX),
    STEP(SCALAR, 0),
    SUM_OVER_TIME(MATRIX),
    TAN(VECTOR),
    TANH(VECTOR),
    TIME(SCALAR, 0),
    TIMESTAMP(VECTOR),
    TS_OF_FIRST_OVER_TIME(MATRIX),
    TS_OF_LAST_OVER_TIME(MATRIX),
    TS_OF_MAX_OVER_TIME(MATRIX),
    TS_OF_MIN_OVER_TIME(MATRIX),
    VECTOR_OF("vector", VECTOR, SCALAR),
    YEAR(1, VECTOR);

    /** The last argument may be left out, and may come any number of times. */
    private static final int MANY = -1;

    private static final Map<String, Function> BY_TEXT =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(f -> f.text, f -> f));

    private final String text;
    private final ValueType returns;
    private final int optional;

    @SuppressWarnings("ImmutableEnumChecker") // Lists made by List.of are.
    private final List<ValueType> takes;

    Function(ValueType... takes) {
        this(VECTOR, 0, takes);
    }

    Function(int optional, ValueType... takes) {
        this(VECTOR, optional, takes);
    }

    Function(ValueType returns, int optional, ValueType... takes) {
        this.text = name().toLowerCase(Locale.ROOT);
        this.returns = returns;
        this.optional = optional;
        this.takes = List.of(takes);
    }

    /** For those whose name is the name of a type, too. */
    Function(String text, ValueType returns, ValueType takes) {
        this.text = text;
        this.returns = returns;
        this.optional = 0;
        this.takes = List.of(takes);
    }

    /** How it is called. */
    public String text() {
        return text;
    }

    ValueType returns() {
        return returns;
    }

    /** The types of its arguments, the last of which may stand for none or several ({@link #variadic}). */
    public List<ValueType> argumentTypes() {
        return takes;
    }

    /** How many arguments more or fewer there may be than types; below 0 for any number. */
    public int variadic() {
        return optional;
    }

    /** The types of its arguments; of those that are too many, the last. */
    ValueType takes(int index) {
        return takes.get(Math.min(index, takes.size() - 1));
    }

    /** Fewest arguments. */
    int least() {
        return optional == 0 ? takes.size() : takes.size() - 1;
    }

    /** Most arguments. */
    int most() {
        return optional == MANY ? Integer.MAX_VALUE : least() + optional;
    }

    /** The one that is called so; null where none is. */
    static @Nullable Function of(String text) {
        return BY_TEXT.get(text);
    }
}

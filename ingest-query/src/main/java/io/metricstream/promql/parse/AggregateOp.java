package io.metricstream.promql.parse;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the series of a group become one, or fewer. */
public enum AggregateOp {
    SUM,
    AVG,
    COUNT,
    MIN,
    MAX,
    GROUP,
    STDDEV,
    STDVAR,
    TOPK(ValueType.SCALAR),
    BOTTOMK(ValueType.SCALAR),
    COUNT_VALUES(ValueType.STRING),
    QUANTILE(ValueType.SCALAR),
    LIMITK(ValueType.SCALAR),
    LIMIT_RATIO(ValueType.SCALAR);

    private final String text = name().toLowerCase(Locale.ROOT);
    private final @Nullable ValueType parameter;

    AggregateOp() {
        this(null);
    }

    AggregateOp(@Nullable ValueType parameter) {
        this.parameter = parameter;
    }

    public String text() {
        return text;
    }

    /** The type of its parameter; null where it has none. */
    public @Nullable ValueType parameter() {
        return parameter;
    }

    /** The one that is spelled so; null where none is. */
    static @Nullable AggregateOp of(String lowerCase) {
        for (AggregateOp op : values()) {
            if (op.text.equals(lowerCase)) {
                return op;
            }
        }
        return null;
    }
}

package io.metricstream.promql.function;

import io.metricstream.promql.parse.Function;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Parts of the date, in UTC, that seconds since 1970 say. Stateless. */
public final class Dates {
    private static final long MOST_SECONDS = LocalDateTime.MAX.toEpochSecond(ZoneOffset.UTC);
    private static final long LEAST_SECONDS = LocalDateTime.MIN.toEpochSecond(ZoneOffset.UTC);
    private static final int DAYS_OF_WEEK = DayOfWeek.values().length;

    private Dates() {}

    /** The function of seconds; null where it is none of dates. */
    public static @Nullable DoubleUnaryOperator of(Function function) {
        ToIntFunction<LocalDateTime> part =
                switch (function) {
                    case DAYS_IN_MONTH -> date -> date.toLocalDate().lengthOfMonth();
                    case DAY_OF_MONTH -> LocalDateTime::getDayOfMonth;
                    case DAY_OF_WEEK -> date -> date.getDayOfWeek().getValue() % DAYS_OF_WEEK;
                    case DAY_OF_YEAR -> LocalDateTime::getDayOfYear;
                    case HOUR -> LocalDateTime::getHour;
                    case MINUTE -> LocalDateTime::getMinute;
                    case MONTH -> LocalDateTime::getMonthValue;
                    case YEAR -> LocalDateTime::getYear;
                    default -> null;
                };
        return part == null ? null : seconds -> part.applyAsInt(date(seconds));
    }

    private static LocalDateTime date(double seconds) {
        long whole = Math.max(LEAST_SECONDS, Math.min(MOST_SECONDS, (long) seconds));
        return LocalDateTime.ofEpochSecond(whole, 0, ZoneOffset.UTC);
    }
}

package io.metricstream.promql.function;

import io.metricstream.promql.parse.Function;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Parts of the date, in UTC, that seconds since 1970 say. Stateless.
 *
 * <p>Seconds of any size have a date, as in Go: those of 64 bits reach over 584 billion years, behind the last of which the
 * first comes, and what is no such number stands for the smallest. The calendar repeats itself every 400 years.
 */
public final class Dates {
    private static final int DAYS_OF_WEEK = DayOfWeek.values().length;
    private static final long DAY_SECONDS = 86_400;
    private static final int CYCLE_YEARS = 400;
    private static final long CYCLE_SECONDS = 146_097 * DAY_SECONDS;
    /** Cycles from the first one that has a date to the one that begins with the year 2001. */
    private static final long CYCLES_BEFORE = 730_692_561;

    private static final LocalDateTime CYCLE_START = LocalDateTime.of(2001, 1, 1, 0, 0);
    /** From the start of the first cycle to 1970. */
    private static final long SECONDS_BEFORE = CYCLES_BEFORE * CYCLE_SECONDS - 978_307_200;

    private Dates() {}

    /** The function of seconds; null where it is none of dates. */
    public static @Nullable DoubleUnaryOperator of(Function function) {
        if (function == Function.YEAR) {
            return Dates::year;
        }
        ToIntFunction<LocalDateTime> part =
                switch (function) {
                    case DAYS_IN_MONTH -> date -> date.toLocalDate().lengthOfMonth();
                    case DAY_OF_MONTH -> LocalDateTime::getDayOfMonth;
                    case DAY_OF_WEEK -> date -> date.getDayOfWeek().getValue() % DAYS_OF_WEEK;
                    case DAY_OF_YEAR -> LocalDateTime::getDayOfYear;
                    case HOUR -> LocalDateTime::getHour;
                    case MINUTE -> LocalDateTime::getMinute;
                    case MONTH -> LocalDateTime::getMonthValue;
                    default -> null;
                };
        return part == null ? null : seconds -> part.applyAsInt(inCycle(sinceFirst(seconds)));
    }

    private static double year(double seconds) {
        long sinceFirst = sinceFirst(seconds);
        long cycles = Long.divideUnsigned(sinceFirst, CYCLE_SECONDS) - CYCLES_BEFORE;
        return cycles * CYCLE_YEARS + inCycle(sinceFirst).getYear();
    }

    /** Seconds since the first cycle, without a sign. */
    private static long sinceFirst(double seconds) {
        boolean fits = seconds >= Long.MIN_VALUE && seconds < Long.MAX_VALUE;
        return (fits ? (long) seconds : Long.MIN_VALUE) + SECONDS_BEFORE;
    }

    /** The same date of the cycle that begins with the year 2001. */
    private static LocalDateTime inCycle(long sinceFirst) {
        return CYCLE_START.plusSeconds(Long.remainderUnsigned(sinceFirst, CYCLE_SECONDS));
    }
}

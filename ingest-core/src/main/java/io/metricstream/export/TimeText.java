package io.metricstream.export;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Locale;

/**
 * A timestamp as {@code 2025-09-17T13:45:23.123Z}, always with milliseconds. Years before 0 and after 9999 have a sign and
 * at least six digits, {@code +010000-01-01T00:00:00.000Z}, as ISO 8601 wants it expanded and Java and JavaScript read it.
 *
 * <p>Thread: its creator. Limits: a text has at most {@link #MAX_BYTES} bytes; every long has one.
 */
@OwnedBy(Role.MAIN)
final class TimeText {
    /** {@code +292278994-08-17T07:12:55.807Z}. */
    static final int MAX_BYTES = 30;

    private static final long MILLIS_PER_DAY = 86_400_000;
    private static final int MOST_YEAR_OF_FOUR_DIGITS = 9999;

    /** Most samples fall on the day of the one before. */
    private long day = Long.MIN_VALUE;

    private byte[] date = {};

    /** Appends the text; returns its end. */
    int put(long millis, byte[] to, int start) {
        long dayOfMillis = Math.floorDiv(millis, MILLIS_PER_DAY);
        if (dayOfMillis != day) {
            day = dayOfMillis;
            date = date(LocalDate.ofEpochDay(day));
        }
        System.arraycopy(date, 0, to, start, date.length);
        int at = start + date.length;
        int rest = (int) Math.floorMod(millis, MILLIS_PER_DAY);
        at = two('T', rest / 3_600_000, to, at);
        at = two(':', rest / 60_000 % 60, to, at);
        at = two(':', rest / 1000 % 60, to, at);
        at = two('.', rest / 10 % 100, to, at);
        to[at++] = (byte) ('0' + rest % 10);
        to[at++] = 'Z';
        return at;
    }

    private static int two(char before, int number, byte[] to, int at) {
        to[at] = (byte) before;
        to[at + 1] = (byte) ('0' + number / 10);
        to[at + 2] = (byte) ('0' + number % 10);
        return at + 3;
    }

    private static byte[] date(LocalDate date) {
        int year = date.getYear();
        String format = year < 0 ? "-%06d" : year > MOST_YEAR_OF_FOUR_DIGITS ? "+%06d" : "%04d";
        String text = String.format(
                Locale.ROOT, format + "-%02d-%02d", Math.abs(year), date.getMonthValue(), date.getDayOfMonth());
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

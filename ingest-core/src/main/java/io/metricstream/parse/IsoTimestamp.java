package io.metricstream.parse;

import io.metricstream.own.Borrowed;

/**
 * Reads {@code 2025-09-17T13:45:23.123Z}: an RFC 3339 date and time with a zone, {@code Z} or an offset as
 * {@code +02:00}, {@code +0200} or {@code +02}. Digits of the second beyond milliseconds are cut off.
 *
 * <p>Thread: any; stateless, creates no objects.
 */
final class IsoTimestamp {
    /** Answer for a text that is not such a timestamp; no date of four-digit years comes near it. */
    static final long NONE = Long.MIN_VALUE;

    private static final int ZONE_FROM = 19;
    private static final long MILLIS_PER_MINUTE = 60_000;
    private static final long MINUTES_PER_DAY = 24 * 60;
    /** Days from 0000-03-01 to 1970-01-01. */
    private static final long EPOCH_DAYS = 719_468;

    private IsoTimestamp() {}

    /** Milliseconds since 1970-01-01T00:00:00Z, or {@link #NONE}. */
    static long millis(@Borrowed char[] text, int offset, int length) {
        if (length <= ZONE_FROM
                || text[offset + 4] != '-'
                || text[offset + 7] != '-'
                || (text[offset + 10] | 0x20) != 't'
                || text[offset + 13] != ':'
                || text[offset + 16] != ':') {
            return NONE;
        }
        int year = number(text, offset, 4);
        int month = number(text, offset + 5, 2);
        int day = number(text, offset + 8, 2);
        int hour = number(text, offset + 11, 2);
        int minute = number(text, offset + 14, 2);
        int second = number(text, offset + 17, 2);
        if (year < 0 || !isDate(year, month, day) || !within(hour, 0, 23) || !within(minute, 0, 59)) {
            return NONE;
        }
        if (!within(second, 0, 59)) {
            return NONE;
        }
        int zone = offset + ZONE_FROM;
        int end = offset + length;
        int fractionMillis = 0;
        if (text[zone] == '.') {
            int digits = zone + 1;
            zone = digits;
            for (int unit = 100; zone < end && isDigit(text[zone]); zone++, unit /= 10) {
                fractionMillis += (text[zone] - '0') * unit;
            }
            if (zone == digits) {
                return NONE;
            }
        }
        int zoneMinutes = zoneMinutes(text, zone, end);
        if (zoneMinutes == Integer.MIN_VALUE) {
            return NONE;
        }
        long minutes = epochDay(year, month, day) * MINUTES_PER_DAY + hour * 60L + minute - zoneMinutes;
        return minutes * MILLIS_PER_MINUTE + second * 1000L + fractionMillis;
    }

    /** The offset from UTC, or the smallest int for what is none. */
    private static int zoneMinutes(char[] text, int from, int end) {
        int length = end - from;
        if (length == 1 && (text[from] | 0x20) == 'z') {
            return 0;
        }
        if ((length != 3 && length != 5 && length != 6) || (text[from] != '+' && text[from] != '-')) {
            return Integer.MIN_VALUE;
        }
        if (length == 6 && text[from + 3] != ':') {
            return Integer.MIN_VALUE;
        }
        int hours = number(text, from + 1, 2);
        int minutes = length == 3 ? 0 : number(text, end - 2, 2);
        if (!within(hours, 0, 23) || !within(minutes, 0, 59)) {
            return Integer.MIN_VALUE;
        }
        int total = hours * 60 + minutes;
        return text[from] == '-' ? -total : total;
    }

    private static boolean isDate(int year, int month, int day) {
        if (!within(month, 1, 12)) {
            return false;
        }
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        int days = month == 2 ? (leap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
        return within(day, 1, days);
    }

    /** Counts in years that begin in March, so that the leap day is the last of its year. */
    private static long epochDay(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int monthFromMarch = (month + 9) % 12;
        int dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
        return 365L * y + Math.floorDiv(y, 4) - Math.floorDiv(y, 100) + Math.floorDiv(y, 400) + dayOfYear - EPOCH_DAYS;
    }

    private static boolean within(int number, int least, int most) {
        return number >= least && number <= most;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** So many digits as a number; -1 where one is not a digit. */
    private static int number(char[] text, int from, int digits) {
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            if (!isDigit(text[i])) {
                return -1;
            }
            number = number * 10 + text[i] - '0';
        }
        return number;
    }
}

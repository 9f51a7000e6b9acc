package io.metricstream.promql.text;

/** Durations as PromQL writes them: {@code 1h30m}, {@code 5d}, {@code 250ms}. Stateless. */
public final class DurationText {
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final long DAY_MILLIS = 86_400_000;
    private static final long[] MILLIS = {365 * DAY_MILLIS, 7 * DAY_MILLIS, DAY_MILLIS, 3_600_000, 60_000, 1000, 1};
    /** Years and weeks are written only where nothing is left: {@code 90d} reads better than {@code 12w6d}. */
    private static final int FIRST_MIXED_UNIT = 2;
    /** What fits into 64 bits of nanoseconds. */
    private static final long MOST_MILLIS = Long.MAX_VALUE / 1_000_000;

    private DurationText() {}

    /** Milliseconds at or above 0 as a text. */
    public static String format(long millis) {
        if (millis == 0) {
            return "0s";
        }
        var text = new StringBuilder();
        long left = millis;
        for (int unit = 0; unit < UNITS.length; unit++) {
            if (unit >= FIRST_MIXED_UNIT || left % MILLIS[unit] == 0) {
                long count = left / MILLIS[unit];
                if (count > 0) {
                    text.append(count).append(UNITS[unit]);
                    left -= count * MILLIS[unit];
                }
            }
        }
        return text.toString();
    }

    /** Milliseconds of a text of units from large to small, each once. Fails with IllegalArgumentException, for the client. */
    public static long parseMillis(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty duration string");
        }
        if (text.equals("0")) {
            return 0;
        }
        long millis = 0;
        int lastUnit = -1;
        int at = 0;
        while (at < text.length()) {
            int digits = skip(text, at, true);
            int end = skip(text, digits, false);
            if (digits == at || end == digits || digits - at > 18) {
                throw notADuration(text);
            }
            int unit = unit(text.substring(digits, end), text);
            if (unit <= lastUnit) {
                throw notADuration(text);
            }
            long count = Long.parseLong(text.substring(at, digits));
            if (count > MOST_MILLIS / MILLIS[unit] || millis + count * MILLIS[unit] > MOST_MILLIS) {
                throw new IllegalArgumentException("duration out of range");
            }
            millis += count * MILLIS[unit];
            lastUnit = unit;
            at = end;
        }
        return millis;
    }

    private static int skip(String text, int from, boolean digits) {
        int at = from;
        while (at < text.length() && (text.charAt(at) >= '0' && text.charAt(at) <= '9') == digits) {
            at++;
        }
        return at;
    }

    private static int unit(String name, String text) {
        for (int unit = 0; unit < UNITS.length; unit++) {
            if (UNITS[unit].equals(name)) {
                return unit;
            }
        }
        throw new IllegalArgumentException("unknown unit " + GoText.quote(name) + " in duration " + GoText.quote(text));
    }

    private static IllegalArgumentException notADuration(String text) {
        return new IllegalArgumentException("not a valid duration string: " + GoText.quote(text));
    }
}

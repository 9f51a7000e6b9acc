package io.metricstream.rules.template;

import io.metricstream.promql.text.GoNumber;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;

/** Numbers for people, with four significant digits, as Prometheus's template functions have them. Stateless. */
final class Humanized {
    private static final int DIGITS = 4;
    private static final double THOUSAND = 1000;
    private static final double KIBI = 1024;
    private static final List<String> LARGE = List.of("k", "M", "G", "T", "P", "E", "Z", "Y");
    private static final List<String> SMALL = List.of("m", "u", "n", "p", "f", "a", "z", "y");
    private static final List<String> BINARY = List.of("ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi");
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendLiteral(" +0000 UTC")
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Humanized() {}

    static String decimal(double value) {
        if (value == 0 || isSpecial(value)) {
            return digits(value);
        }
        return Math.abs(value) >= 1 ? divided(value, THOUSAND, LARGE) : multiplied(value);
    }

    static String binary(double value) {
        return Math.abs(value) <= 1 || isSpecial(value) ? digits(value) : divided(value, KIBI, BINARY);
    }

    static String percentage(double value) {
        return digits(value * 100) + "%";
    }

    static String duration(double seconds) {
        if (isSpecial(seconds)) {
            return digits(seconds);
        }
        if (seconds == 0) {
            return digits(seconds) + "s";
        }
        double size = Math.abs(seconds);
        if (size < 1) {
            return multiplied(seconds) + "s";
        }
        String sign = seconds < 0 ? "-" : "";
        long whole = (long) size;
        long minutes = whole / 60 % 60;
        long hours = whole / 3600 % 24;
        long days = whole / 86_400;
        if (days != 0) {
            return sign + days + "d " + hours + "h " + minutes + "m " + whole % 60 + "s";
        }
        if (hours != 0) {
            return sign + hours + "h " + minutes + "m " + whole % 60 + "s";
        }
        return minutes != 0 ? sign + minutes + "m " + whole % 60 + "s" : sign + digits(size) + "s";
    }

    /** Seconds since 1970 as a time in UTC, to the millisecond. */
    static String timestamp(double seconds) throws TemplateException {
        if (isSpecial(seconds)) {
            return digits(seconds);
        }
        double millis = Math.floor(seconds * THOUSAND);
        if (Math.abs(millis) > Long.MAX_VALUE / 1_000_000.0) {
            throw new TemplateException(
                    "template: humanizeTimestamp: " + GoNumber.general(seconds) + " is too far away");
        }
        return TIME.format(Instant.ofEpochMilli((long) millis));
    }

    private static String divided(double value, double by, List<String> prefixes) {
        double left = value;
        String prefix = "";
        for (int i = 0; i < prefixes.size() && Math.abs(left) >= by; i++) {
            prefix = prefixes.get(i);
            left /= by;
        }
        return digits(left) + prefix;
    }

    private static String multiplied(double value) {
        double left = value;
        String prefix = "";
        for (int i = 0; i < SMALL.size() && Math.abs(left) < 1; i++) {
            prefix = SMALL.get(i);
            left *= THOUSAND;
        }
        return digits(left) + prefix;
    }

    private static boolean isSpecial(double value) {
        return Double.isNaN(value) || Double.isInfinite(value);
    }

    private static String digits(double value) {
        return GoNumber.general(value, DIGITS);
    }
}

package io.metricstream.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes and durations as people write them.
 *
 * <p>Sizes: {@code k}, {@code m}, {@code g}, {@code t} and {@code KiB}, {@code MiB}, {@code GiB}, {@code TiB} count in
 * 1024, {@code kB}, {@code MB}, {@code GB}, {@code TB} in 1000; a bare number is bytes. Durations: one or more numbers with
 * {@code ms}, {@code s}, {@code m}, {@code h}, {@code d} or {@code w}, the larger unit first; 0 needs none.
 */
final class Quantities {
    private static final int MOST_DIGITS = 15;
    private static final Pattern SIZE = Pattern.compile("([0-9]{1," + MOST_DIGITS + "}) ?([a-z]*)");
    private static final Pattern DURATION = Pattern.compile(
            "(?:(\\d{1,9})w)?(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");
    private static final long[] UNIT_MILLIS = {7 * 86_400_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L};

    private static final Map<String, Long> UNIT_BYTES = Map.ofEntries(
            Map.entry("", 1L),
            Map.entry("b", 1L),
            Map.entry("k", 1L << 10),
            Map.entry("kib", 1L << 10),
            Map.entry("m", 1L << 20),
            Map.entry("mib", 1L << 20),
            Map.entry("g", 1L << 30),
            Map.entry("gib", 1L << 30),
            Map.entry("t", 1L << 40),
            Map.entry("tib", 1L << 40),
            Map.entry("kb", 1_000L),
            Map.entry("mb", 1_000_000L),
            Map.entry("gb", 1_000_000_000L),
            Map.entry("tb", 1_000_000_000_000L));

    private Quantities() {}

    static Optional<Long> parseBytes(String text) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Long unit = UNIT_BYTES.get(matcher.group(2));
        long number = Long.parseLong(matcher.group(1));
        return unit == null || number > Long.MAX_VALUE / unit ? Optional.empty() : Optional.of(number * unit);
    }

    static Optional<Duration> parseDuration(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher matcher = DURATION.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            return Optional.empty();
        }
        long millis = 0;
        for (int i = 0; i < UNIT_MILLIS.length; i++) {
            String number = matcher.group(i + 1);
            millis += number == null ? 0 : Long.parseLong(number) * UNIT_MILLIS[i];
        }
        return Optional.of(Duration.ofMillis(millis));
    }

    /** The shortest exact form. */
    static String bytes(long count) {
        String[] units = {"GiB", "MiB", "KiB"};
        for (int i = 0; i < units.length; i++) {
            long unit = 1L << (30 - 10 * i);
            if (count >= unit && count % unit == 0) {
                return count / unit + units[i];
            }
        }
        return count + "B";
    }
}

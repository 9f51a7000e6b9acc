package io.metricstream.server;

import io.metricstream.config.ValueKind;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

/** Times as people write them on the command line; UTC where no zone is given, a date is its beginning. */
final class TimeKind {
    private static final ValueKind<Duration> AGO = ValueKind.duration("0", "365000d");

    private TimeKind() {}

    /** Milliseconds since 1970. */
    static ValueKind<Long> before(long nowMillis) {
        return new ValueKind<>(
                "a time such as 2025-09-17T13:45:23Z, 2025-09-17, 1758116723123 (milliseconds since 1970)"
                        + " or -1h30m (before now)",
                text -> millis(text, nowMillis));
    }

    private static Optional<Long> millis(String text, long nowMillis) {
        try {
            if (text.matches("-?[0-9]+")) {
                return Optional.of(Long.parseLong(text));
            }
            Optional<Duration> ago = text.startsWith("-") ? AGO.parse().apply(text.substring(1)) : Optional.empty();
            return Optional.of(ago.isPresent() ? nowMillis - ago.get().toMillis() : iso(text));
        } catch (NumberFormatException | DateTimeParseException | ArithmeticException noTime) {
            return Optional.empty();
        }
    }

    private static long iso(String text) {
        if (text.indexOf('T') < 0 && text.indexOf('t') < 0) {
            return LocalDate.parse(text)
                    .atStartOfDay()
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
        }
        TemporalAccessor time =
                DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        OffsetDateTime zoned =
                time instanceof LocalDateTime local ? local.atOffset(ZoneOffset.UTC) : (OffsetDateTime) time;
        return zoned.toInstant().toEpochMilli();
    }
}

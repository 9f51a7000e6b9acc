package io.metricstream.http;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Times as Prometheus's API has them: seconds since 1970, with a fraction or not, or RFC 3339. Stateless. */
final class PrometheusTime {
    private static final double MILLIS = 1000;

    private PrometheusTime() {}

    /** Milliseconds since 1970. Fails with IllegalArgumentException on what is no time. */
    static long parse(String text) {
        try {
            double seconds = Double.parseDouble(text);
            if (Double.isNaN(seconds)) {
                throw noTime(text);
            }
            // A cast holds what is further away to the ends of time.
            return (long) Math.rint(seconds * MILLIS);
        } catch (NumberFormatException notANumber) {
            return parseDate(text);
        }
    }

    private static long parseDate(String text) {
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return instant.toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException notADate) {
            throw noTime(text);
        }
    }

    private static IllegalArgumentException noTime(String text) {
        return new IllegalArgumentException(
                "cannot parse " + Refusal.shown(text) + " to a valid timestamp, wanted seconds since 1970 or RFC 3339");
    }
}

package io.metricstream.feed;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import io.metricstream.model.MetricType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What several formats write in the same way. Thread: any; stateless. */
final class Texts {
    private static final int MOST_SHOWN_CHARS = 80;

    private Texts() {}

    /** The double of a decimal number as JSON, CSV and Prometheus have it; NaN where it is none, or beyond every double. */
    static double decimal(String text) {
        boolean plain = !text.isEmpty()
                && text.chars()
                        .allMatch(c -> (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || (c | 0x20) == 'e');
        if (!plain) {
            return Double.NaN;
        }
        try {
            double value = JavaDoubleParser.parseDouble(text);
            return Double.isFinite(value) ? value : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Milliseconds since 1970 of a time such as {@code 2025-09-17T13:45:23.123Z}. */
    static long time(String field, String text) throws BadLineException {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw BadLineException.found(field, shown(text), "a time such as 2025-09-17T13:45:23.123Z");
        }
    }

    static MetricType type(String field, String text) throws BadLineException {
        for (MetricType type : MetricType.values()) {
            if (type.text().equals(text)) {
                return type;
            }
        }
        throw BadLineException.found(field, shown(text), "gauge, counter, histogram or summary");
    }

    /** Text in quotes, cut where it is long. */
    static String shown(@Nullable String text) {
        if (text == null) {
            return "nothing";
        }
        String cut = text.length() > MOST_SHOWN_CHARS ? text.substring(0, MOST_SHOWN_CHARS) + "..." : text;
        var out = new StringBuilder("\"");
        cut.chars().forEach(c -> {
            if (c < ' ' || c == 0x7f) {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }
}

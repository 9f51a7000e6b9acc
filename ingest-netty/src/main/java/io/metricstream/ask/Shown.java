package io.metricstream.ask;

import io.metricstream.model.Labels;
import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.Position;
import io.metricstream.promql.parse.Shift;
import io.metricstream.select.Matcher;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;

/** How series and times are shown. Stateless. */
final class Shown {
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    private static final DateTimeFormatter SECONDS =
            new DateTimeFormatterBuilder().appendInstant(0).toFormatter();

    private Shown() {}

    /** As a selector that selects it: {@code cpu_usage{host="server1"}}. */
    static String series(Labels labels) {
        List<Matcher> matchers = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            matchers.add(Matcher.equal(labels.name(i), labels.value(i)));
        }
        String name = labels.get(Labels.NAME);
        boolean plain = !name.isEmpty()
                && name.chars().allMatch(c -> c == '_' || c == ':' || (c < 0x80 && Character.isLetterOrDigit(c)))
                && !Character.isDigit(name.charAt(0));
        return new Expr.VectorSelector(plain ? name : "", matchers, Shift.NONE, Position.START).toString();
    }

    /** {@code 2025-09-17T13:45:23.123Z}. */
    static String time(long millis) {
        return MILLIS.format(Instant.ofEpochMilli(millis));
    }

    /** {@code 2025-09-17T13:45:23Z}, where a part of a second does not matter. */
    static String roundTime(long millis) {
        return SECONDS.format(Instant.ofEpochMilli(millis));
    }
}

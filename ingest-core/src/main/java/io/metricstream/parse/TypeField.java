package io.metricstream.parse;

import io.metricstream.model.MetricType;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The type of a metric as it stands in a body, and what is wrong with it; gauge where there is none.
 *
 * <p>Thread: one event loop. Order: {@link #clear}, {@link #read}, then the rest; a second {@code read} replaces what the
 * first one found.
 */
@OwnedBy(Role.EVENT_LOOP)
final class TypeField {
    private static final String WANTED = ", wanted gauge, counter, histogram or summary";

    private MetricType type = MetricType.GAUGE;
    private @Nullable String problem;

    void clear() {
        type = MetricType.GAUGE;
        problem = null;
    }

    void read(JsonParser in, JsonToken token) {
        clear();
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.VALUE_STRING) {
            problem = TokenWords.found(token) + WANTED;
            return;
        }
        MetricType found = typeOf(in.getStringCharacters(), in.getStringOffset(), in.getStringLength());
        if (found == null) {
            problem = "found \"" + TokenWords.quoted(in) + "\"" + WANTED;
        } else {
            type = found;
        }
    }

    MetricType type() {
        return type;
    }

    /** What is wrong with the type; null where nothing is. */
    @Nullable
    String problem() {
        return problem;
    }

    private static @Nullable MetricType typeOf(char[] chars, int offset, int length) {
        MetricType likely = length == 0
                ? null
                : switch (chars[offset]) {
                    case 'g' -> MetricType.GAUGE;
                    case 'c' -> MetricType.COUNTER;
                    case 'h' -> MetricType.HISTOGRAM;
                    case 's' -> MetricType.SUMMARY;
                    default -> null;
                };
        if (likely == null || likely.text().length() != length) {
            return null;
        }
        for (int i = 1; i < length; i++) {
            if (likely.text().charAt(i) != chars[offset + i]) {
                return null;
            }
        }
        return likely;
    }
}

package io.metricstream.parse;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The name of a metric as it stands in a body, and what is wrong with it.
 *
 * <p>Thread: one event loop. Owns: the text. Order: {@link #clear}, {@link #read}, then the rest; a second {@code read}
 * replaces what the first one found.
 */
@OwnedBy(Role.EVENT_LOOP)
final class NameField {
    private final int mostChars;
    private final Utf8Text text = new Utf8Text();
    private @Nullable String problem;

    NameField(ParseLimits limits) {
        mostChars = limits.nameChars();
    }

    void clear() {
        text.clear();
        problem = "missing";
    }

    void read(JsonParser in, JsonToken token) {
        text.clear();
        problem = null;
        if (token != JsonToken.VALUE_STRING) {
            problem = TokenWords.found(token) + ", wanted a string";
            return;
        }
        text.append(in.getStringCharacters(), in.getStringOffset(), in.getStringLength());
        if (text.length() == 0) {
            problem = "found an empty string, wanted at least one character";
        } else if (text.hasUnpairedSurrogate()) {
            problem = "found half of a surrogate pair, wanted Unicode text";
        } else if (text.hasControl()) {
            problem = "found a control character";
        } else if (text.characters() > mostChars) {
            problem = "found " + text.characters() + " characters, wanted at most " + mostChars + " (limits.name)";
        }
    }

    /** What is wrong with the name; null where nothing is. */
    @Nullable
    String problem() {
        return problem;
    }

    Utf8Text text() {
        return text;
    }
}

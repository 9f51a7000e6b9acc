package io.metricstream.parse;

import io.metricstream.own.Borrowed;
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
        if (token != JsonToken.VALUE_STRING) {
            problem = TokenWords.found(token) + ", wanted a string";
            return;
        }
        text.append(in.getStringCharacters(), in.getStringOffset(), in.getStringLength());
        problem = textProblem();
    }

    /** Reads a name in what should be UTF-8. */
    void read(@Borrowed byte[] utf8, int offset, int length) {
        text.clear();
        if (Utf8Check.firstInvalid(utf8, offset, offset + length) >= 0) {
            problem = Faults.NOT_UTF8;
            return;
        }
        text.append(utf8, offset, length);
        problem = textProblem();
    }

    private @Nullable String textProblem() {
        if (text.length() == 0) {
            return "found an empty string, wanted at least one character";
        }
        if (text.hasUnpairedSurrogate()) {
            return "found half of a surrogate pair, wanted Unicode text";
        }
        if (text.hasControl()) {
            return "found a control character";
        }
        if (text.characters() > mostChars) {
            return "found " + text.characters() + " characters, wanted at most " + mostChars + " (limits.name)";
        }
        return null;
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

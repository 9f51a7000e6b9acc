package io.metricstream.feed;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pieces of a line of Prometheus' text format or of OpenMetrics: {@code name{label="value"} 1 1395066363000}, the name
 * and labels in quotes where they are no identifiers: {@code {"my.metric","my.label"="value"} 1}.
 */
@OwnedBy(Role.MAIN)
final class ExpositionLine {
    private final String text;
    private int at;
    private String metric = "";
    private final Map<String, String> labels = new LinkedHashMap<>();

    ExpositionLine(String text) {
        this.text = text;
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    boolean isAt(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    /** What was not read yet. */
    String rest() {
        return text.substring(at);
    }

    /** The metric's name, after {@link #readSeries}. */
    String metric() {
        return metric;
    }

    /** The labels, after {@link #readSeries}. */
    Map<String, String> labels() {
        return labels;
    }

    /** Skips the character where it is there, and blanks behind it. */
    boolean skip(char c) {
        if (!isAt(c)) {
            return false;
        }
        at++;
        skipBlanks();
        return true;
    }

    /** The text up to the next blank, and the blanks behind it. */
    String word() {
        int start = at;
        while (at < text.length() && !isBlank(text.charAt(at))) {
            at++;
        }
        String word = text.substring(start, at);
        skipBlanks();
        return word;
    }

    /** A name, in quotes or not, and the blanks behind it. */
    String name(String what) throws BadLineException {
        return isAt('"') ? quoted(what) : identifier(what, true);
    }

    /** Reads the name and the labels. */
    void readSeries() throws BadLineException {
        if (!isAt('{')) {
            metric = identifier("the metric's name", true);
            if (!isAt('{') && !isBlank(text.charAt(at - 1))) {
                throw BadLineException.found("behind the name " + metric, here(), "labels in braces or a value");
            }
        }
        if (skip('{')) {
            readLabels();
        }
        if (metric.isEmpty()) {
            throw BadLineException.found(
                    "the metric's name", "none", "a name before the labels, or in quotes first among them");
        }
    }

    private void readLabels() throws BadLineException {
        while (!skip('}')) {
            boolean quoted = isAt('"');
            String name = quoted ? quoted("a label's name") : identifier("a label's name", false);
            if (skip('=')) {
                putLabel(name);
            } else if (quoted && metric.isEmpty() && labels.isEmpty()) {
                metric = name;
            } else {
                throw BadLineException.found("behind the label " + name, here(), "=");
            }
            if (!skip(',') && !isAt('}')) {
                throw BadLineException.found("behind the label " + name, here(), ", or }");
            }
        }
    }

    private void putLabel(String name) throws BadLineException {
        if (!isAt('"')) {
            throw BadLineException.found("the value of the label " + name, here(), "a text in quotes");
        }
        if (name.equals("__name__")) {
            throw BadLineException.found("a label's name", name, "the metric's name before the labels");
        }
        if (labels.put(name, quoted("the value of the label " + name)) != null) {
            throw BadLineException.found("the label " + name, "it twice", "each label once");
        }
    }

    private String identifier(String what, boolean colons) throws BadLineException {
        int start = at;
        while (at < text.length() && isIdentifier(text.charAt(at), at > start, colons)) {
            at++;
        }
        if (at == start) {
            throw BadLineException.found(what, here(), "a letter or underscore, or a text in quotes");
        }
        String name = text.substring(start, at);
        skipBlanks();
        return name;
    }

    private static boolean isIdentifier(char c, boolean digits, boolean colons) {
        char lower = (char) (c | 0x20);
        return (lower >= 'a' && lower <= 'z') || c == '_' || (colons && c == ':') || (digits && c >= '0' && c <= '9');
    }

    private String quoted(String what) throws BadLineException {
        var value = new StringBuilder();
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                at = i + 1;
                skipBlanks();
                return value.toString();
            }
            if (c == '\\') {
                i++;
                value.append(escaped(what, i < text.length() ? text.charAt(i) : ' '));
            } else {
                value.append(c);
            }
        }
        throw BadLineException.found(what, Texts.shown(rest()), "a quote at its end");
    }

    private static char escaped(String what, char c) throws BadLineException {
        return switch (c) {
            case 'n' -> '\n';
            case '\\', '"' -> c;
            default -> throw BadLineException.found(what, "\\" + c, "\\\\, \\\" or \\n");
        };
    }

    private String here() {
        return isAtEnd() ? "the end of the line" : Texts.shown(rest());
    }

    private void skipBlanks() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}

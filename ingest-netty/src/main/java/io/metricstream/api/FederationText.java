package io.metricstream.api;

import io.metricstream.http.ApiException;
import io.metricstream.http.Refusal;
import io.metricstream.model.Labels;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.text.GoNumber;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * Samples in Prometheus's text format as its federation writes them: all series of a metric together, without a type, and
 * {@code instance} empty where a series has none, so that the scraper adds none of its own.
 *
 * <p>Order: {@link #add} in label order, then {@link #end}. Limits: series with a label that comes before the metric's name are kept
 * until their metric comes, {@value #MOST_HELD_CHARS} characters of them.
 */
@OwnedBy(Role.QUERY)
final class FederationText {
    private static final int MOST_HELD_CHARS = 8 << 20;
    private static final String INSTANCE = "instance";

    private final OutputStream out;
    private final boolean anyNames;
    /** Lines of metrics that have not come yet. */
    private final TreeMap<String, StringBuilder> held = new TreeMap<>(Labels::compareText);

    private final StringBuilder line = new StringBuilder();
    private String metric = "";
    private int heldChars;

    /** @param anyNames whether names that are no identifiers are written in quotes; other characters become underscores otherwise */
    FederationText(OutputStream out, boolean anyNames) {
        this.out = out;
        this.anyNames = anyNames;
    }

    /** Adds a series; one without a name cannot be scraped and is left out. */
    void add(Labels labels, double value, long timeMillis) throws ApiException, IOException {
        String name = labels.get(Labels.NAME);
        if (name.isEmpty()) {
            return;
        }
        line.setLength(0);
        appendSeries(name, labels);
        line.append(' ')
                .append(GoNumber.general(value))
                .append(' ')
                .append(timeMillis)
                .append('\n');
        if (labels.name(0).equals(Labels.NAME)) {
            begin(name);
            write(line);
        } else {
            hold(name);
        }
    }

    void end() throws IOException {
        while (!held.isEmpty()) {
            begin(held.firstKey());
        }
    }

    private void hold(String name) throws ApiException {
        heldChars += line.length();
        if (heldChars > MOST_HELD_CHARS) {
            throw new ApiException(
                    Refusal.of(422, "execution", "too many series with labels that come before __name__"));
        }
        held.computeIfAbsent(name, any -> new StringBuilder()).append(line);
    }

    /** Goes on to a metric, after those that come before it and have lines here only. */
    private void begin(String name) throws IOException {
        while (!held.isEmpty() && Labels.compareText(held.firstKey(), name) < 0) {
            begin(held.firstKey());
        }
        if (name.equals(metric)) {
            return;
        }
        metric = name;
        var head = new StringBuilder("# TYPE ");
        appendName(name, true, head);
        write(head.append(" untyped\n"));
        StringBuilder lines = held.remove(name);
        if (lines != null) {
            write(lines);
        }
    }

    private void write(CharSequence text) throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void appendSeries(String name, Labels labels) {
        boolean quoted = anyNames && !isIdentifier(name, true);
        if (!quoted) {
            appendName(name, true, line);
        }
        line.append('{');
        if (quoted) {
            appendName(name, true, line);
        }
        boolean hasInstance = false;
        for (int i = 0; i < labels.size(); i++) {
            String label = labels.name(i);
            if (!label.equals(Labels.NAME)) {
                hasInstance |= label.equals(INSTANCE);
                appendLabel(label, labels.value(i));
            }
        }
        if (!hasInstance) {
            appendLabel(INSTANCE, "");
        }
        line.append('}');
    }

    private void appendLabel(String label, String value) {
        if (line.charAt(line.length() - 1) != '{') {
            line.append(',');
        }
        appendName(label, false, line);
        line.append("=\"");
        appendEscaped(value, line);
        line.append('"');
    }

    /** @param colons whether colons are taken, as in names of metrics only */
    private void appendName(String name, boolean colons, StringBuilder to) {
        if (isIdentifier(name, colons)) {
            to.append(name);
        } else if (anyNames) {
            to.append('"');
            appendEscaped(name, to);
            to.append('"');
        } else {
            for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
                to.append(isPart(name.charAt(i), i == 0, colons) ? name.charAt(i) : '_');
            }
        }
    }

    private static boolean isIdentifier(String name, boolean colons) {
        for (int i = 0; i < name.length(); i++) {
            if (!isPart(name.charAt(i), i == 0, colons)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPart(char c, boolean first, boolean colons) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colons && c == ':');
        return letter || (c >= '0' && c <= '9' && !first);
    }

    private static void appendEscaped(String text, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> to.append("\\\\");
                case '"' -> to.append("\\\"");
                case '\n' -> to.append("\\n");
                default -> to.append(c);
            }
        }
    }
}

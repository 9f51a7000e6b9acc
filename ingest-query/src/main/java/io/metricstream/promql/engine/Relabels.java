package io.metricstream.promql.engine;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.metricstream.promql.text.GoText;
import java.util.List;
import java.util.stream.Collectors;

/** What {@link RelabelOp} does with labels. Stateless. */
final class Relabels {
    private Relabels() {}

    /** {@code label_replace}: a label from a pattern that another label's whole value fits. */
    static RelabelOp.Relabel replace(String to, String replacement, String from, String regex) throws QueryException {
        Pattern pattern;
        try {
            pattern = Pattern.compile("^(?s:" + regex + ")$");
        } catch (PatternSyntaxException e) {
            throw QueryException.execution("invalid regular expression in label_replace(): " + regex);
        }
        checkLabel(to, "destination", "label_replace");
        return labels -> {
            Matcher matcher = pattern.matcher(labels.get(from));
            return matcher.matches() ? LabelSets.with(labels, to, expand(replacement, matcher, pattern)) : null;
        };
    }

    /** {@code label_join}: a label from several. */
    static RelabelOp.Relabel join(String to, String separator, List<String> from) throws QueryException {
        for (String label : from) {
            checkLabel(label, "source", "label_join");
        }
        checkLabel(to, "destination", "label_join");
        return labels ->
                LabelSets.with(labels, to, from.stream().map(labels::get).collect(Collectors.joining(separator)));
    }

    static void checkLabel(String label, String role, String function) throws QueryException {
        if (label.isEmpty() || !GoText.isUtf8(label)) {
            throw QueryException.execution("invalid " + role + " label name in " + function + "(): " + label);
        }
    }

    /** Puts {@code $1}, {@code $name} and {@code ${name}} in; the longest name that can be read, and nothing for an unknown one. */
    private static String expand(String template, Matcher matcher, Pattern pattern) {
        var out = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at);
            if (c != '$') {
                out.append(c);
                at++;
            } else if (template.startsWith("$$", at)) {
                out.append('$');
                at += 2;
            } else {
                boolean braced = template.startsWith("${", at);
                int from = at + (braced ? 2 : 1);
                int end = from;
                while (end < template.length() && isNamePart(template.charAt(end))) {
                    end++;
                }
                boolean closed = !braced || template.startsWith("}", end);
                if (end == from || !closed) {
                    out.append('$');
                    at++;
                } else {
                    out.append(group(template.substring(from, end), matcher, pattern));
                    at = end + (braced ? 1 : 0);
                }
            }
        }
        return out.toString();
    }

    private static boolean isNamePart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private static String group(String name, Matcher matcher, Pattern pattern) {
        boolean digits = name.length() < 9 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(name) : pattern.namedGroups().getOrDefault(name, Integer.MAX_VALUE);
        String value = number <= matcher.groupCount() ? matcher.group(number) : null;
        return value == null ? "" : value;
    }
}

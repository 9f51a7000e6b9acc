package io.metricstream.promql.script;

import io.metricstream.model.Labels;
import io.metricstream.promql.text.GoNumber;
import io.metricstream.select.Matcher;
import io.metricstream.select.SelectorException;
import io.metricstream.select.SelectorParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Lines of series with values. */
final class SeriesLines {
    static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);

    private SeriesLines() {}

    static Script.SeriesLine parse(String line) {
        int end = labelsEnd(line);
        return new Script.SeriesLine(
                labels(line.substring(0, end).strip()),
                values(line.substring(end).strip()));
    }

    static Labels labels(String text) {
        var labels = new TreeMap<String, String>();
        try {
            for (Matcher matcher : SelectorParser.parse(text)) {
                labels.put(matcher.label(), matcher.value());
            }
        } catch (SelectorException e) {
            throw new IllegalArgumentException(text, e);
        }
        return Labels.of(labels);
    }

    private static int labelsEnd(String line) {
        int at = 0;
        while (at < line.length()
                && (Character.isLetterOrDigit(line.charAt(at)) || "_:".indexOf(line.charAt(at)) >= 0)) {
            at++;
        }
        int brace = at;
        while (brace < line.length() && (line.charAt(brace) == ' ' || line.charAt(brace) == '\t')) {
            brace++;
        }
        if (brace >= line.length() || line.charAt(brace) != '{' || line.startsWith("{{", brace)) {
            return at;
        }
        char quote = 0;
        for (int i = brace; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0 && c == '\\' && quote != '`') {
                i++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'' || c == '`') {
                quote = c;
            } else if (c == '}') {
                return i + 1;
            }
        }
        throw new IllegalArgumentException(line);
    }

    private static List<Script.Value> values(String text) {
        var values = new ArrayList<Script.Value>();
        int at = 0;
        while (at < text.length()) {
            int end = tokenEnd(text, at);
            token(text.substring(at, end), values);
            at = end;
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }
        return values;
    }

    private static int tokenEnd(String text, int from) {
        int at = from;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            at = text.startsWith("{{", at) ? text.indexOf("}}", at) + 2 : at + 1;
        }
        return at;
    }

    private static void token(String token, List<Script.Value> values) {
        int times = token.contains("{{") ? token.indexOf('x', token.lastIndexOf("}}")) : timesAt(token);
        int count = times < 0 ? 0 : Integer.parseInt(token.substring(times + 1));
        String what = times < 0 ? token : token.substring(0, times);
        if (what.startsWith("{{")) {
            repeat(values, Script.Value.HISTOGRAM, count + 1);
        } else if (what.equals("_")) {
            repeat(values, Script.Value.GAP, times < 0 ? 1 : count);
        } else if (what.equals("stale")) {
            repeat(values, Script.Value.of(STALE), count + 1);
        } else {
            rising(values, what, times < 0 ? 0 : count);
        }
    }

    private static int timesAt(String token) {
        return token.startsWith("0x") ? 1 : token.indexOf('x');
    }

    private static void repeat(List<Script.Value> values, Script.Value value, int count) {
        for (int i = 0; i < count; i++) {
            values.add(value);
        }
    }

    private static void rising(List<Script.Value> values, String what, int count) {
        int sign = -1;
        for (int i = 1; i < what.length(); i++) {
            boolean exponent = "eE".indexOf(what.charAt(i - 1)) >= 0;
            if ("+-".indexOf(what.charAt(i)) >= 0 && !exponent) {
                sign = i;
                break;
            }
        }
        double value = number(sign < 0 ? what : what.substring(0, sign));
        double step = sign < 0 ? 0 : number(what.substring(sign));
        for (int i = 0; i <= count; i++) {
            values.add(Script.Value.of(value));
            value += step;
        }
    }

    static boolean isNumber(String text) {
        return !text.contains("{") && !text.contains(" ") && !text.contains("\t") && number(text, true) != null;
    }

    static double number(String text) {
        return number(text, false);
    }

    private static Double number(String text, boolean quiet) {
        String plain = text.toLowerCase(Locale.ROOT);
        var parsed = GoNumber.parse(plain.startsWith("+nan") ? "nan" : plain);
        if (parsed.isPresent()) {
            return parsed.getAsDouble();
        }
        if (quiet) {
            return null;
        }
        throw new IllegalArgumentException(text);
    }
}

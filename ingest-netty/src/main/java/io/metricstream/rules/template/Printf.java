package io.metricstream.rules.template;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.text.GoNumber;
import io.metricstream.promql.text.GoText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Go's {@code fmt} for the values of templates: %v %s %q %d %f %e %g %x %X %t and %%. Lives inside one call. */
@OwnedBy(Role.RULES)
final class Printf {
    private static final int DEFAULT_PRECISION = 6;
    private static final int MOST_WIDTH = 1000;

    private final String format;
    private final List<Object> values;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int used;

    private boolean minus;
    private boolean plus;
    private boolean zero;
    private int width;
    private int precision;

    private Printf(String format, List<Object> values) {
        this.format = format;
        this.values = values;
    }

    static String format(String format, List<Object> values) {
        return new Printf(format, values).run();
    }

    /** Without blanks, but for those between two values neither of which is a text. */
    static String print(List<Object> values) {
        var out = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            boolean blank = i > 0 && !(values.get(i) instanceof String) && !(values.get(i - 1) instanceof String);
            out.append(blank ? " " : "").append(Values.text(values.get(i)));
        }
        return out.toString();
    }

    static String println(List<Object> values) {
        return values.stream().map(Values::text).collect(Collectors.joining(" ")) + "\n";
    }

    private String run() {
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else if (at == format.length()) {
                out.append("%!(NOVERB)");
            } else {
                verb();
            }
        }
        if (used < values.size()) {
            out.append("%!(EXTRA ");
            out.append(values.subList(used, values.size()).stream()
                    .map(value -> type(value) + "=" + Values.text(value))
                    .collect(Collectors.joining(", ")));
            out.append(')');
        }
        return out.toString();
    }

    private void verb() {
        flags();
        width = number();
        precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = number();
        }
        if (at == format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        char verb = format.charAt(at++);
        if (verb == '%') {
            out.append('%');
        } else if (used == values.size()) {
            out.append("%!").append(verb).append("(MISSING)");
        } else {
            pad(converted(verb, values.get(used++)));
        }
    }

    private void flags() {
        minus = false;
        plus = false;
        zero = false;
        for (; at < format.length(); at++) {
            switch (format.charAt(at)) {
                case '-' -> minus = true;
                case '+' -> plus = true;
                case '0' -> zero = true;
                case ' ', '#' -> {
                    // No value of a template looks different with them.
                }
                default -> {
                    return;
                }
            }
        }
    }

    private int number() {
        int number = 0;
        while (at < format.length() && Character.isDigit(format.charAt(at))) {
            number = Math.min(MOST_WIDTH, number * 10 + format.charAt(at++) - '0');
        }
        return number;
    }

    private String converted(char verb, Object value) {
        if (verb == 'v') {
            return value instanceof Double number ? signed(number, GoNumber.general(number)) : Values.text(value);
        }
        if (value instanceof Double number) {
            return switch (verb) {
                case 'f', 'F' -> signed(number, fixed(number));
                case 'e' -> signed(number, exponent(number));
                case 'g' ->
                    signed(
                            number,
                            precision < 0
                                    ? GoNumber.general(number)
                                    : GoNumber.general(number, Math.max(1, precision)));
                default -> wrong(verb, value);
            };
        }
        if (value instanceof Long number) {
            return switch (verb) {
                case 'd' -> signed(number, Long.toString(number));
                case 'x' -> Long.toHexString(number);
                case 'X' -> Long.toHexString(number).toUpperCase(Locale.ROOT);
                default -> wrong(verb, value);
            };
        }
        if (value instanceof String text) {
            String cut = precision < 0 ? text : text.substring(0, Math.min(precision, text.length()));
            return verb == 's' ? cut : verb == 'q' ? GoText.quote(cut) : wrong(verb, value);
        }
        return verb == 't' && value instanceof Boolean ? value.toString() : wrong(verb, value);
    }

    private String fixed(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return GoNumber.plain(value);
        }
        int digits = precision < 0 ? DEFAULT_PRECISION : precision;
        String plain =
                new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        // A zero keeps its sign, which decimals have not.
        return Math.copySign(1, value) < 0 && !plain.startsWith("-") ? "-" + plain : plain;
    }

    private String exponent(double value) {
        int digits = precision < 0 ? DEFAULT_PRECISION : precision;
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return GoNumber.plain(value);
        }
        return String.format(Locale.ROOT, "%." + digits + "e", value);
    }

    private String signed(double value, String text) {
        return plus && value >= 0 && !text.startsWith("+") ? "+" + text : text;
    }

    private void pad(String text) {
        int missing = width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            out.append(text);
        } else if (minus) {
            out.append(text).append(" ".repeat(missing));
        } else if (zero) {
            int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
            out.append(text, 0, sign).append("0".repeat(missing)).append(text, sign, text.length());
        } else {
            out.append(" ".repeat(missing)).append(text);
        }
    }

    private static String wrong(char verb, Object value) {
        return "%!" + verb + "(" + type(value) + "=" + Values.text(value) + ")";
    }

    private static String type(Object value) {
        if (value instanceof Double) {
            return "float64";
        }
        if (value instanceof Long) {
            return "int";
        }
        return value instanceof Boolean ? "bool" : value instanceof String ? "string" : "value";
    }
}

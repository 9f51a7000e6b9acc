package io.metricstream.promql.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.OptionalDouble;
import tools.jackson.core.io.NumberOutput;

/**
 * Doubles as Go's {@code strconv} writes and reads them: the shortest digits that read back to the same double, by the
 * Schubfach algorithm (before Java 19 {@link Double#toString} gives more). Stateless.
 */
public final class GoNumber {
    /** Between these, a sample's value is written without an exponent. */
    private static final double LEAST_PLAIN = 1e-6;

    private static final double FIRST_LARGE = 1e21;
    /** Between these, Java writes a number without an exponent. */
    private static final double LEAST_QUICK = 1e-3;

    private static final double FIRST_SLOW = 1e7;
    /** Most values have three decimals at most. */
    private static final int DECIMALS = 1000;

    private static final int FIRST_LARGE_G_EXPONENT = 6;
    private static final int SMALLEST_G_EXPONENT = -4;

    private GoNumber() {}

    /** As the API writes a sample's value: {@code 1234567.8}, {@code 1e+21}, {@code +Inf}, {@code NaN}. */
    public static String value(double v) {
        return appendValue(new StringBuilder(), v).toString();
    }

    /** Appends a value as {@link #value} has it, quickly where it is as most values are. */
    public static StringBuilder appendValue(StringBuilder to, double v) {
        double size = Math.abs(v);
        if (size >= LEAST_QUICK && size < FIRST_SLOW) {
            return appendQuickly(to, v, size);
        }
        boolean plain = size == 0 || (size >= LEAST_PLAIN && size < FIRST_LARGE);
        return to.append(plain ? plain(v) : exponent(v));
    }

    /** Of numbers that Java, too, writes without an exponent. */
    private static StringBuilder appendQuickly(StringBuilder to, double v, double size) {
        double scaled = Math.rint(size * DECIMALS);
        if (scaled / DECIMALS != size) {
            // It is not whole, so that Java's text has no ".0" at its end.
            return to.append(NumberOutput.toString(v, true));
        }
        // What reads back and has 15 digits at most is the shortest text: no two such read to the same double.
        long thousandths = (long) scaled;
        to.append(v < 0 ? "-" : "").append(thousandths / DECIMALS);
        int part = (int) (thousandths % DECIMALS);
        if (part != 0) {
            to.append('.');
            for (int unit = DECIMALS / 10; part != 0; unit /= 10) {
                to.append((char) ('0' + part / unit));
                part %= unit;
            }
        }
        return to;
    }

    /** Never with an exponent ({@code 'f', -1}). */
    public static String plain(double v) {
        if (Double.isNaN(v) || Double.isInfinite(v)) {
            return special(v);
        }
        if (v == Math.rint(v) && Math.abs(v) < 1L << 53 && (v != 0 || 1 / v > 0)) {
            return Long.toString((long) v);
        }
        Digits d = Digits.of(v);
        var text = new StringBuilder(d.sign);
        int point = d.exponent + 1;
        if (point <= 0) {
            return text.append("0.").append("0".repeat(-point)).append(d.digits).toString();
        }
        if (point >= d.digits.length()) {
            return text.append(d.digits)
                    .append("0".repeat(point - d.digits.length()))
                    .toString();
        }
        return text.append(d.digits, 0, point)
                .append('.')
                .append(d.digits, point, d.digits.length())
                .toString();
    }

    /** Always with an exponent of two digits at least ({@code 'e', -1}). */
    public static String exponent(double v) {
        return Double.isNaN(v) || Double.isInfinite(v) ? special(v) : exponent(Digits.of(v));
    }

    /** The shorter of both, as {@code %g} has it. */
    public static String general(double v) {
        if (v == 0 || Double.isNaN(v) || Double.isInfinite(v)) {
            return plain(v);
        }
        int exponent = Digits.of(v).exponent;
        return exponent < SMALLEST_G_EXPONENT || exponent >= FIRST_LARGE_G_EXPONENT ? exponent(v) : plain(v);
    }

    /** With so many significant digits at most, as {@code %.2g} has it. */
    public static String general(double v, int significant) {
        if (v == 0 || Double.isNaN(v) || Double.isInfinite(v)) {
            return plain(v);
        }
        double rounded = new BigDecimal(v)
                .round(new MathContext(significant, RoundingMode.HALF_EVEN))
                .doubleValue();
        int exponent = Digits.of(rounded).exponent;
        return exponent < SMALLEST_G_EXPONENT || exponent >= significant ? exponent(rounded) : plain(rounded);
    }

    private static String exponent(Digits d) {
        var text = new StringBuilder(d.sign).append(d.digits.charAt(0));
        if (d.digits.length() > 1) {
            text.append('.').append(d.digits, 1, d.digits.length());
        }
        int size = Math.abs(d.exponent);
        return text.append('e')
                .append(d.exponent < 0 ? '-' : '+')
                .append(size < 10 ? "0" : "")
                .append(size)
                .toString();
    }

    private static String special(double v) {
        return Double.isNaN(v) ? "NaN" : v > 0 ? "+Inf" : "-Inf";
    }

    /** What a text such as {@code 1e3}, {@code 0x1p-2}, {@code +Inf} or {@code infinity} reads to; empty where it is no number. */
    public static OptionalDouble parse(String text) {
        boolean signed = text.startsWith("+") || text.startsWith("-");
        String size = signed ? text.substring(1) : text;
        double sign = text.startsWith("-") ? -1 : 1;
        if (size.equalsIgnoreCase("inf") || size.equalsIgnoreCase("infinity")) {
            return OptionalDouble.of(sign * Double.POSITIVE_INFINITY);
        }
        if (size.equalsIgnoreCase("nan")) {
            return signed ? OptionalDouble.empty() : OptionalDouble.of(Double.NaN);
        }
        if (size.isEmpty() || !isPlainNumber(size)) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(sign * Double.parseDouble(size));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** Java also takes blanks around a number, a sign, and a type's letter behind it. */
    private static boolean isPlainNumber(String size) {
        char first = size.charAt(0);
        char last = size.charAt(size.length() - 1);
        boolean hexadecimal = size.startsWith("0x") || size.startsWith("0X");
        boolean begins = first == '.' || (first >= '0' && first <= '9');
        return begins && (last == '.' || (last >= '0' && last <= '9')) && (!hexadecimal || size.length() > 2);
    }

    /** {@code sign d.ddd × 10^exponent}, without zeros at the end. */
    private record Digits(String sign, String digits, int exponent) {
        static Digits of(double v) {
            String java = NumberOutput.toString(v, true);
            String sign = java.startsWith("-") ? "-" : "";
            String rest = java.substring(sign.length());
            int e = Math.max(rest.indexOf('E'), rest.indexOf('e'));
            int exponent = e < 0 ? 0 : Integer.parseInt(rest.substring(e + 1));
            String mantissa = e < 0 ? rest : rest.substring(0, e);
            int point = mantissa.indexOf('.');
            int whole = point < 0 ? mantissa.length() : point;
            String all = point < 0 ? mantissa : mantissa.substring(0, point) + mantissa.substring(point + 1);
            int first = 0;
            while (first < all.length() - 1 && all.charAt(first) == '0') {
                first++;
            }
            int last = all.length();
            while (last > first + 1 && all.charAt(last - 1) == '0') {
                last--;
            }
            String digits = all.substring(first, last);
            return new Digits(sign, digits, digits.equals("0") ? 0 : exponent + whole - first - 1)
                    .shortened(Math.abs(v));
        }

        /** Java writes two digits at least, of which the smallest numbers need only one. */
        private Digits shortened(double size) {
            if (digits.length() != 2 || size >= Double.MIN_NORMAL) {
                return this;
            }
            BigDecimal one = new BigDecimal(digits.charAt(0) + "." + digits.charAt(1) + "E" + exponent)
                    .round(new MathContext(1, RoundingMode.HALF_UP));
            int oneExponent = one.precision() - one.scale() - 1;
            String digit = one.unscaledValue().toString().substring(0, 1);
            return one.doubleValue() == size ? new Digits(sign, digit, oneExponent) : this;
        }
    }
}

package io.metricstream.model;

/**
 * The values that JSON has no number for, as texts, each NaN bit by bit: {@code NaN} is the one that Prometheus makes,
 * others show their bits as in {@code NaN(0x7ff8000000000000)}. Thread: any; stateless.
 */
public final class SpecialValues {
    /** How Prometheus says that a series has ended. */
    public static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);

    private static final long NAN_BITS = 0x7ff8000000000001L;
    private static final String NAN = "NaN";
    private static final String BITS_START = "NaN(0x";
    private static final int HEX_DIGITS = 16;

    private SpecialValues() {}

    /** Whether a value is that one, bit by bit. */
    public static boolean isStale(double value) {
        return Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(STALE);
    }

    /** The text of a value that is not finite. */
    public static String text(double value) {
        if (!Double.isNaN(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        long bits = Double.doubleToRawLongBits(value);
        return bits == NAN_BITS ? NAN : BITS_START + Long.toHexString(bits) + ")";
    }

    /** Whether the text is such a value; {@code +Inf} and {@code -Inf} are, too, for Prometheus writes them. */
    public static boolean isOne(String text) {
        return switch (text) {
            case NAN, "Infinity", "-Infinity", "+Inf", "-Inf" -> true;
            default -> isNanWithBits(text);
        };
    }

    /** The value of a text that {@link #isOne}. */
    public static double parse(String text) {
        return switch (text) {
            case NAN -> Double.longBitsToDouble(NAN_BITS);
            case "Infinity", "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Infinity", "-Inf" -> Double.NEGATIVE_INFINITY;
            default ->
                Double.longBitsToDouble(
                        Long.parseUnsignedLong(text, BITS_START.length(), BITS_START.length() + HEX_DIGITS, 16));
        };
    }

    private static boolean isNanWithBits(String text) {
        int digitsEnd = BITS_START.length() + HEX_DIGITS;
        if (!text.startsWith(BITS_START) || text.length() != digitsEnd + 1 || text.charAt(digitsEnd) != ')') {
            return false;
        }
        for (int i = BITS_START.length(); i < digitsEnd; i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return Double.isNaN(parse(text));
    }
}

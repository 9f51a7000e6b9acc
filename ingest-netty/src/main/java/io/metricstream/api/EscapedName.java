package io.metricstream.api;

/**
 * A name as Prometheus escapes it where only letters, digits and underscores can stand: {@code U__}, then {@code __} for an
 * underscore and {@code _1F600_} for any other character. Stateless.
 */
final class EscapedName {
    private static final String PREFIX = "U__";
    private static final int MOST_DIGITS = 6;

    private EscapedName() {}

    /** The name that is meant; a text that is not escaped, or not rightly, means itself. */
    static String read(String text) {
        if (!text.startsWith(PREFIX)) {
            return text;
        }
        var name = new StringBuilder(text.length());
        int at = PREFIX.length();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '_') {
                name.append(c);
                continue;
            }
            int end = text.indexOf('_', at);
            int codePoint = end == at ? '_' : end < 0 ? -1 : codePoint(text.substring(at, end));
            if (codePoint < 0) {
                return text;
            }
            name.appendCodePoint(codePoint);
            at = end + 1;
        }
        return name.toString();
    }

    /** Below 0 where it is none. */
    private static int codePoint(String hex) {
        int value = 0;
        for (int i = 0; i < hex.length(); i++) {
            int digit = Character.digit(hex.charAt(i), 16);
            if (digit < 0 || i == MOST_DIGITS) {
                return -1;
            }
            value = value << 4 | digit;
        }
        boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
        return Character.isValidCodePoint(value) && !surrogate ? value : -1;
    }
}

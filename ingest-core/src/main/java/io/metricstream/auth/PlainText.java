package io.metricstream.auth;

/** What may stand in a name that is shown. */
final class PlainText {
    private PlainText() {}

    /** True where every character is a space or visible ASCII. */
    static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }
}

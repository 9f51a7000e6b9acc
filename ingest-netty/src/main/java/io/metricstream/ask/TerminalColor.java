package io.metricstream.ask;

/** Colours that terminals know. Stateless. */
final class TerminalColor {
    /** Told apart best by most eyes, on dark and light ground: green, magenta, cyan, yellow, red, blue. */
    private static final int[] CODES = {32, 35, 36, 33, 31, 34};

    private TerminalColor() {}

    /** The text in the colour with this number; there are a few, which come again. */
    static String of(int number, String text) {
        return "\u001b[" + CODES[number % CODES.length] + "m" + text + "\u001b[0m";
    }
}

package io.metricstream.config;

/**
 * One value that was given for a key.
 *
 * @param source where it came from, as the user would say it
 */
record Setting<T>(ConfigKey<T> key, T value, String text, String source) {
    /** As it is logged at start. */
    String line() {
        return key.name() + " = " + key.masked(text) + " (" + source + ")";
    }
}

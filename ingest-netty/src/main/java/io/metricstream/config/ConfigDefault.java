package io.metricstream.config;

import java.util.function.Function;

/**
 * The value of a key that nobody sets.
 *
 * @param shown as the documentation says it
 * @param text what it is on this machine, written as a user would write it
 */
record ConfigDefault(String shown, Function<Machine, String> text) {
    private static final long MIB = 1L << 20;

    static ConfigDefault of(String text) {
        return new ConfigDefault(text.isEmpty() ? "none" : text, machine -> text);
    }

    /** A share of the heap in whole MiB, at least so many. */
    static ConfigDefault ofHeap(int divisor, String share, int leastMib) {
        return new ConfigDefault(
                share + " of the heap, " + leastMib + "MiB at least",
                machine -> Math.max(leastMib, machine.maxHeapBytes() / divisor / MIB) + "MiB");
    }
}

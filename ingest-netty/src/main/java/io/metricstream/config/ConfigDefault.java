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
    /** Classes, pages of parts that are made, merged and read, and what is read ahead. */
    private static final long FIXED_MIB = 48;

    static ConfigDefault of(String text) {
        return new ConfigDefault(text.isEmpty() ? "none" : text, machine -> text);
    }

    /**
     * A share of the heap in whole MiB, at least so many; of what it has beyond {@value #FIXED_MIB} MiB. Those of all that
     * fills up are its whole together (docs/decisions/0008-memory-is-split-by-the-launcher.md).
     */
    static ConfigDefault ofHeap(int parts, int of, String share, int leastMib) {
        return new ConfigDefault(
                share + " of the heap beyond " + FIXED_MIB + "MiB, " + leastMib + "MiB at least",
                machine -> Math.max(leastMib, (machine.maxHeapBytes() / MIB - FIXED_MIB) * parts / of) + "MiB");
    }
}

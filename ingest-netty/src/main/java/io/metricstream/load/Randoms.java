package io.metricstream.load;

/** Random numbers with eight bytes of state, so that each host has a sequence of its own (SplitMix64). Stateless. */
final class Randoms {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private Randoms() {}

    /** The state after this one. */
    static long advance(long state) {
        return state + GAMMA;
    }

    /** 64 random bits for a state. */
    static long bits(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From 0 to below the bound, at most 2^32, out of the lower half of the bits. */
    static long below(long bits, long bound) {
        return ((bits & 0xffff_ffffL) * bound) >>> 32;
    }
}

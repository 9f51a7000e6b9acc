package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The hash of labels by which Prometheus takes a part of all series, so that both take the same: XXH64, seed 0, of each name
 * and value with its length before it. Stateless.
 */
final class LabelHash {
    private static final long PRIME_1 = 0x9e3779b185ebca87L;
    private static final long PRIME_2 = 0xc2b2ae3d27d4eb4fL;
    private static final long PRIME_3 = 0x165667b19e3779f9L;
    private static final long PRIME_4 = 0x85ebca77c2b2ae63L;
    private static final long PRIME_5 = 0x27d4eb2f165667c5L;
    /** The sum of the first two primes, without what does not fit. */
    private static final long FIRST_LANE = 0x60ea27eeadc0b5d6L;

    private static final int STRIPE = 32;
    /** A length from here on takes this byte and three more. */
    private static final int LONG = 255;

    private LabelHash() {}

    static long of(Labels labels) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < labels.size(); i++) {
            put(labels.name(i), bytes);
            put(labels.value(i), bytes);
        }
        return xxh64(ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static void put(String text, ByteArrayOutputStream to) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < LONG) {
            to.write(bytes.length);
        } else {
            to.write(LONG);
            to.write(bytes.length);
            to.write(bytes.length >>> 8);
            to.write(bytes.length >>> 16);
        }
        to.writeBytes(bytes);
    }

    /** Of what is between position and limit. */
    static long xxh64(ByteBuffer in) {
        int length = in.remaining();
        long hash = length >= STRIPE ? stripes(in) : PRIME_5;
        hash += length;
        while (in.remaining() >= Long.BYTES) {
            hash ^= round(0, in.getLong());
            hash = Long.rotateLeft(hash, 27) * PRIME_1 + PRIME_4;
        }
        if (in.remaining() >= Integer.BYTES) {
            hash ^= (in.getInt() & 0xffff_ffffL) * PRIME_1;
            hash = Long.rotateLeft(hash, 23) * PRIME_2 + PRIME_3;
        }
        while (in.hasRemaining()) {
            hash ^= (in.get() & 0xffL) * PRIME_5;
            hash = Long.rotateLeft(hash, 11) * PRIME_1;
        }
        hash = (hash ^ hash >>> 33) * PRIME_2;
        hash = (hash ^ hash >>> 29) * PRIME_3;
        return hash ^ hash >>> 32;
    }

    private static long stripes(ByteBuffer in) {
        long[] lanes = {FIRST_LANE, PRIME_2, 0, -PRIME_1};
        while (in.remaining() >= STRIPE) {
            for (int lane = 0; lane < lanes.length; lane++) {
                lanes[lane] = round(lanes[lane], in.getLong());
            }
        }
        long hash = Long.rotateLeft(lanes[0], 1)
                + Long.rotateLeft(lanes[1], 7)
                + Long.rotateLeft(lanes[2], 12)
                + Long.rotateLeft(lanes[3], 18);
        for (long lane : lanes) {
            hash = (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
        }
        return hash;
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
    }
}

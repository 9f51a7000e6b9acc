package io.metricstream.storage.block;

import java.util.Random;

/** Makes columns of times and of values of every kind that tests and measurements want. */
final class Columns {
    static final int VALUE_KINDS = 19;
    static final int TIME_KINDS = 7;

    private Columns() {}

    /** Values of some kind, drawn at random. */
    static double[] values(Random random, int count) {
        return values(random, count, random.nextInt(VALUE_KINDS));
    }

    static double[] values(Random random, int count, int kind) {
        double[] values = new double[count];
        double walk = random.nextInt(1000);
        double scale = Math.pow(10, random.nextInt(8));
        for (int i = 0; i < count; i++) {
            walk += random.nextGaussian();
            values[i] = switch (kind) {
                case 0 -> 42;
                case 1 -> Math.round(walk * 10) / 10.0;
                case 2 -> Math.rint(walk * 1000);
                case 3 -> i * scale;
                case 4 -> walk;
                case 5 -> (float) walk;
                case 6 -> Double.longBitsToDouble(random.nextLong());
                case 7 -> random.nextInt(100) == 0 ? random.nextInt(10) : 7;
                case 8 -> random.nextBoolean() ? 0.0 : -0.0;
                case 9 -> random.nextInt(20) == 0 ? Double.NaN : Math.round(walk * 100) / 100.0;
                case 10 -> Double.longBitsToDouble(0x7ff0000000000002L + random.nextInt(2));
                case 11 -> random.nextInt(30) == 0 ? random.nextDouble() : Math.rint(walk);
                case 12 -> Math.rint(random.nextDouble() * 1e18);
                case 13 -> special(random);
                case 14 -> -4096.0 * (long) Math.abs(walk * 1000);
                case 15 -> (double) i * i * 3 - 17;
                case 16 -> random.nextInt(50) == 0 ? -walk * 1e9 : Math.rint(walk);
                case 17 -> Math.rint(walk) / Math.pow(10, random.nextInt(12));
                default -> random.nextInt(1000) / scale;
            };
        }
        return values;
    }

    private static double special(Random random) {
        double[] of = {
            0.0,
            -0.0,
            1,
            -1,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            0x1p53,
            0x1p53 + 2,
            -0x1p63,
            0x1p63,
            0x1p51,
            0.1 + 0.2,
            1 / 3.0,
            Double.longBitsToDouble(-1L),
            Double.longBitsToDouble(0x7ff8000000000001L)
        };
        return of[random.nextInt(of.length)];
    }

    /** Ascending times of some kind, drawn at random. */
    static long[] times(Random random, int count) {
        return times(random, count, random.nextInt(TIME_KINDS));
    }

    static long[] times(Random random, int count, int kind) {
        long base = 1_795_482_990_000L + random.nextInt(1000);
        long[] times = new long[count];
        long at =
                switch (kind) {
                    case 3 -> Long.MIN_VALUE;
                    case 4 -> Long.MAX_VALUE - 2L * count;
                    case 5 -> -1_000_000_000_000L;
                    default -> base;
                };
        for (int i = 0; i < count; i++) {
            times[i] = at;
            at += switch (kind) {
                case 0 -> 10_000;
                case 1 -> 10_000 + random.nextInt(7) - 3;
                case 2 -> 1000L * (1 + random.nextInt(20));
                case 3 -> i == 0 ? Long.MAX_VALUE : i == 1 ? Long.MAX_VALUE - 3 * (long) count : 1;
                case 4 -> 1 + random.nextInt(2);
                case 5 -> random.nextInt(50) == 0 ? 3_600_000 : 15_000;
                default -> 1 + (random.nextLong() >>> 30);
            };
        }
        return times;
    }
}

package io.metricstream.load;

/** Writes numbers as JSON has them, without objects in between. Stateless. */
final class JsonDigits {
    /** No number takes more bytes than this. */
    static final int MOST_BYTES = 21;

    private static final long[] POWERS = {1, 10, 100, 1_000};

    private JsonDigits() {}

    /** Writes a number that is not negative; returns the index behind it. */
    static int put(byte[] to, int at, long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        putDigits(to, at, number, digits);
        return at + digits;
    }

    /** Writes a number of tenths, hundredths or thousandths; returns the index behind it. */
    static int putDecimal(byte[] to, int at, long scaled, int decimals) {
        if (decimals == 0) {
            return put(to, at, scaled);
        }
        long power = POWERS[decimals];
        int point = put(to, at, scaled / power);
        to[point] = '.';
        putDigits(to, point + 1, scaled % power, decimals);
        return point + 1 + decimals;
    }

    private static void putDigits(byte[] to, int at, long number, int digits) {
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}

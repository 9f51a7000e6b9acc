package io.metricstream.promql.function;

import io.metricstream.own.Borrowed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The order of texts in which numbers in them count as numbers: {@code node2} before {@code node10}. It is that of Prometheus,
 * byte by byte, oddities included: zeros before a number do not count, and neither do those before something that is none, so that
 * {@code 0.5} is compared as {@code .5}, a number of two digits that begins with a point. Stateless.
 */
public final class NaturalOrder {
    private NaturalOrder() {}

    /** Of equal texts alone it is 0: where numbers differ in their zeros only, the order is that of characters. */
    public static int compare(String a, String b) {
        byte[] x = a.getBytes(StandardCharsets.UTF_8);
        byte[] y = b.getBytes(StandardCharsets.UTF_8);
        int i = 0;
        int j = 0;
        while (i < x.length && j < y.length) {
            if (isDigit(x[i]) && isDigit(y[j])) {
                i = pastZeros(x, i);
                j = pastZeros(y, j);
                int iEnd = numberEnd(x, i);
                int jEnd = numberEnd(y, j);
                int c = iEnd - i == jEnd - j
                        ? Arrays.compareUnsigned(x, i, iEnd, y, j, jEnd)
                        : Integer.compare(iEnd - i, jEnd - j);
                if (c != 0) {
                    return c;
                }
                i = iEnd;
                j = jEnd;
            } else if (x[i] != y[j]) {
                return Byte.compareUnsigned(x[i], y[j]);
            } else {
                i++;
                j++;
            }
        }
        boolean same = i == x.length && j == y.length;
        return same ? Arrays.compareUnsigned(x, y) : Boolean.compare(i < x.length, j < y.length);
    }

    /** Whatever comes behind zeros; the last byte is not passed over. */
    private static int pastZeros(@Borrowed byte[] text, int from) {
        int at = from;
        while (at + 1 < text.length && text[at] == '0') {
            at++;
        }
        return at;
    }

    /** Behind one byte, whatever it is, and the digits after it. */
    private static int numberEnd(@Borrowed byte[] text, int from) {
        int end = from + 1;
        while (end < text.length && isDigit(text[end])) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}

package io.metricstream.promql.function;

import io.metricstream.model.Labels;

/** The order of texts in which numbers in them count as numbers: {@code node2} before {@code node10}. Stateless. */
public final class NaturalOrder {
    private NaturalOrder() {}

    public static int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int iEnd = pieceEnd(a, i);
            int jEnd = pieceEnd(b, j);
            String pieceA = a.substring(i, iEnd);
            String pieceB = b.substring(j, jEnd);
            boolean numbers = isDigit(pieceA.charAt(0)) && isDigit(pieceB.charAt(0));
            int c = numbers ? compareNumbers(pieceA, pieceB) : Labels.compareText(pieceA, pieceB);
            if (c != 0) {
                return c;
            }
            i = iEnd;
            j = jEnd;
        }
        return Integer.compare(a.length() - i, b.length() - j);
    }

    private static int compareNumbers(String a, String b) {
        String x = stripZeros(a);
        String y = stripZeros(b);
        return x.length() == y.length() ? x.compareTo(y) : Integer.compare(x.length(), y.length());
    }

    private static String stripZeros(String digits) {
        int first = 0;
        while (first < digits.length() - 1 && digits.charAt(first) == '0') {
            first++;
        }
        return digits.substring(first);
    }

    private static int pieceEnd(String text, int from) {
        boolean digit = isDigit(text.charAt(from));
        int end = from + 1;
        while (end < text.length() && isDigit(text.charAt(end)) == digit) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

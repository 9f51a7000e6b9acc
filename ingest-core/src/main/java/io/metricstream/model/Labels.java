package io.metricstream.model;

import io.metricstream.own.ThreadSafe;
import io.metricstream.own.Transferred;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of labels as queries see it: names, the metric's name under {@value #NAME} among them, with their values, in
 * ascending order of the names' UTF-8 bytes. No value is empty: a label with an empty value is the same as none.
 *
 * <p>Immutable. Order: by the first name that differs, then its value, then the shorter set first, as the reference
 * engine has it.
 */
@ThreadSafe("immutable, but for a hash that any thread may compute, and all compute alike")
public final class Labels implements Comparable<Labels> {
    /** The label that holds the metric's name. */
    public static final String NAME = "__name__";

    public static final Labels EMPTY = new Labels(new String[0]);

    /** Name, value, name, value. */
    private final String[] pairs;

    private int hash;

    private Labels(String[] pairs) {
        this.pairs = pairs;
    }

    /** From a map in any order; empty values are left out. */
    public static Labels of(Map<String, String> labels) {
        var sorted = new TreeMap<String, String>(Labels::compareText);
        labels.forEach((name, value) -> {
            if (!value.isEmpty()) {
                sorted.put(name, value);
            }
        });
        var pairs = new String[sorted.size() * 2];
        int at = 0;
        for (Map.Entry<String, String> entry : sorted.entrySet()) {
            pairs[at++] = entry.getKey();
            pairs[at++] = entry.getValue();
        }
        return new Labels(pairs);
    }

    /** From name, value, name, value, in any order, each name once. */
    public static Labels of(String... namesAndValues) {
        var map = new TreeMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return of(map);
    }

    /** From pairs that are known to be in order, without empty values; the array is kept. */
    public static Labels ofSorted(@Transferred String[] pairs) {
        return new Labels(pairs);
    }

    public int size() {
        return pairs.length / 2;
    }

    public String name(int index) {
        return pairs[2 * index];
    }

    public String value(int index) {
        return pairs[2 * index + 1];
    }

    /** The label's value, empty where there is none. */
    public String get(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return pairs[i + 1];
            }
        }
        return "";
    }

    @Override
    public int compareTo(Labels other) {
        int common = Math.min(pairs.length, other.pairs.length);
        for (int i = 0; i < common; i++) {
            int c = compareText(pairs[i], other.pairs[i]);
            if (c != 0) {
                return c;
            }
        }
        return Integer.compare(pairs.length, other.pairs.length);
    }

    /** Compares by code point, which is the order of the UTF-8 bytes. */
    public static int compareText(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean bothSurrogates = Character.isSurrogate(x) == Character.isSurrogate(y);
                return bothSurrogates ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Labels that && Arrays.equals(pairs, that.pairs);
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = Arrays.hashCode(pairs);
            hash = known;
        }
        return known;
    }

    /** As in {@code {__name__="up", job="x"}}. */
    @Override
    public String toString() {
        var text = new StringBuilder("{");
        for (int i = 0; i < pairs.length; i += 2) {
            text.append(i == 0 ? "" : ", ").append(pairs[i]).append("=\"");
            text.append(pairs[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
            text.append('"');
        }
        return text.append('}').toString();
    }
}

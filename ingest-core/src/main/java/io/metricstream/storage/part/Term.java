package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.storage.block.PackedOutput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A label with its value, as bytes: the length of the label's name, the name, the length of the value, the value. That
 * is how tags lie in a series key. Stateless.
 */
final class Term {
    /**
     * The name of the label that holds a series' type; no client can send one without a name. Its values are
     * {@link io.metricstream.model.MetricType#code}.
     */
    static final String TYPE_LABEL = "";

    private Term() {}

    static byte[] of(byte[] label, byte[] value) {
        var out = new PackedOutput();
        out.varint(label.length);
        out.bytes(label, 0, label.length);
        out.varint(value.length);
        out.bytes(value, 0, value.length);
        return Arrays.copyOf(out.bytes(), out.length());
    }

    /** The start of every term of the label that holds the metric's name. */
    static byte[] namePrefix() {
        byte[] label = Labels.NAME.getBytes(StandardCharsets.UTF_8);
        var out = new PackedOutput();
        out.varint(label.length);
        out.bytes(label, 0, label.length);
        return Arrays.copyOf(out.bytes(), out.length());
    }

    /** By label, then by value, each by its bytes. */
    static int compare(byte[] a, int aAt, byte[] b, int bAt) {
        int aLabel = aAt + varintBytes(a, aAt);
        int bLabel = bAt + varintBytes(b, bAt);
        int aValueLength = aLabel + varint(a, aAt);
        int bValueLength = bLabel + varint(b, bAt);
        int c = Arrays.compareUnsigned(a, aLabel, aValueLength, b, bLabel, bValueLength);
        if (c != 0) {
            return c;
        }
        int aValue = aValueLength + varintBytes(a, aValueLength);
        int bValue = bValueLength + varintBytes(b, bValueLength);
        return Arrays.compareUnsigned(
                a, aValue, aValue + varint(a, aValueLength), b, bValue, bValue + varint(b, bValueLength));
    }

    static int varint(byte[] in, int at) {
        int value = 0;
        int i = at;
        for (int shift = 0; ; shift += 7) {
            byte b = in[i++];
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    static int varintBytes(byte[] in, int at) {
        int i = at;
        while (in[i] < 0) {
            i++;
        }
        return i - at + 1;
    }
}

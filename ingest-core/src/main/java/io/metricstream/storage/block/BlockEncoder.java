package io.metricstream.storage.block;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Plain. */
@OwnedBy(Role.FLUSHER)
public final class BlockEncoder {
    public static int maxBytes(int count) {
        return count * 18 + 16;
    }

    public int encode(
            @Borrowed long[] times, @Borrowed double[] values, int from, int count, @Borrowed byte[] out, int at) {
        ByteBuffer to = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).position(at);
        for (int i = from; i < from + count; i++) {
            to.putLong(times[i]);
            to.putLong(Double.doubleToRawLongBits(values[i]));
        }
        return to.position();
    }
}

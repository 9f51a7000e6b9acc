package io.metricstream.storage.block;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Plain. */
@OwnedBy(Role.QUERY)
public final class BlockDecoder {
    public void decode(
            @Borrowed byte[] in, int at, int end, int count, @Borrowed long[] timesOut, @Borrowed double[] valuesOut)
            throws BlockFormatException {
        if (end - at != count * 16) {
            throw new BlockFormatException("length");
        }
        ByteBuffer from = ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN).position(at);
        for (int i = 0; i < count; i++) {
            timesOut[i] = from.getLong();
            valuesOut[i] = Double.longBitsToDouble(from.getLong());
        }
    }
}

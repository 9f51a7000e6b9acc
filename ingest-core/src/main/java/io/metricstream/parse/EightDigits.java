package io.metricstream.parse;

import io.metricstream.own.Borrowed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight decimal digits at once, in one long with the first digit in its lowest byte. Thread: any; stateless. */
final class EightDigits {
    static final int BYTES = Long.BYTES;
    static final long SCALE = 100_000_000;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private EightDigits() {}

    static long load(@Borrowed byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /** Whether each byte is one of '0' to '9': its upper half is 3, and stays 3 when 6 is added. */
    static boolean areDigits(long eight) {
        return ((eight & 0xf0f0f0f0f0f0f0f0L) | (((eight + 0x0606060606060606L) & 0xf0f0f0f0f0f0f0f0L) >>> 4))
                == 0x3333333333333333L;
    }

    /** The number of eight digits: neighbours are joined to twos, twos to fours, fours to all eight. */
    static long number(long eight) {
        long digits = eight - 0x3030303030303030L;
        long twos = digits * 10 + (digits >>> 8);
        long low = (twos & 0x000000ff000000ffL) * 0x000f424000000064L;
        long high = ((twos >>> 16) & 0x000000ff000000ffL) * 0x0000271000000001L;
        return (low + high) >>> 32;
    }
}

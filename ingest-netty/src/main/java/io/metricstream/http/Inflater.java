package io.metricstream.http;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Unpacks one body at a time into an array that is reused, never making more of it than the limit.
 *
 * <p>Thread: one event loop. Owns: its array, which it gives up after a body that needed much, and what that takes of
 * {@link BodyMemory} until {@link #doneWith}.
 */
@OwnedBy(Role.EVENT_LOOP)
final class Inflater {
    /** What {@link #inflate} returns for a body that would be longer than the limit. */
    static final int TOO_LARGE = -1;
    /** What it returns for a body for which there is not enough of {@link BodyMemory}. */
    static final int NO_MEMORY = -2;

    private static final int INITIAL_BYTES = 64 << 10;
    private static final int KEPT_BYTES = 1 << 20;
    /** 8 MiB, as RFC 8878 asks decoders to support; more would let a small body claim much native memory. */
    private static final int MAX_WINDOW_LOG = 23;

    private final GzipInput gzip = new GzipInput();
    private final BodyMemory memory;
    private byte[] out = new byte[INITIAL_BYTES];
    private long heldBytes;

    Inflater(BodyMemory memory) {
        this.memory = memory;
    }

    /**
     * Returns the length of what lies in {@link #bytes}, {@link #TOO_LARGE} or {@link #NO_MEMORY}; fails on bytes that are
     * not so encoded.
     *
     * @param inHeldBytes what the bytes that came take of {@link BodyMemory}
     */
    int inflate(BodyKind.Encoding encoding, @Borrowed byte[] in, int length, long inHeldBytes, int limitBytes)
            throws IOException {
        if (encoding == BodyKind.Encoding.SNAPPY) {
            return inflateSnappy(in, length, inHeldBytes, limitBytes);
        }
        if (encoding == BodyKind.Encoding.GZIP) {
            try (gzip) {
                gzip.open(in, length);
                return drain(gzip, inHeldBytes, limitBytes);
            }
        }
        try (InputStream zstd = zstd(new ByteArrayInputStream(in, 0, length))) {
            return drain(zstd, inHeldBytes, limitBytes);
        }
    }

    private int drain(InputStream stream, long inHeldBytes, int limitBytes) throws IOException {
        int at = 0;
        while (true) {
            if (at == out.length) {
                if (at > limitBytes) {
                    return TOO_LARGE;
                }
                if (!grow((int) Math.min(limitBytes + 1L, out.length * 2L), inHeldBytes)) {
                    return NO_MEMORY;
                }
            }
            int read = stream.read(out, at, out.length - at);
            if (read < 0) {
                return at > limitBytes ? TOO_LARGE : at;
            }
            at += read;
        }
    }

    private int inflateSnappy(byte[] in, int length, long inHeldBytes, int limitBytes) throws IOException {
        long claimed = SnappyBlock.claimedBytes(in, length);
        if (claimed > limitBytes) {
            return TOO_LARGE;
        }
        int needed = (int) claimed;
        if (needed > out.length && !grow(needed, inHeldBytes)) {
            return NO_MEMORY;
        }
        SnappyBlock.inflate(in, length, out, needed);
        return needed;
    }

    /** Makes the array so long; false where there is not so much memory. */
    private boolean grow(int grown, long inHeldBytes) {
        int more = grown - out.length;
        if (!memory.tryTake(more, inHeldBytes + heldBytes)) {
            return false;
        }
        heldBytes += more;
        out = Arrays.copyOf(out, grown);
        return true;
    }

    /** What it takes of {@link BodyMemory}. */
    long heldBytes() {
        return heldBytes;
    }

    byte[] bytes() {
        return out;
    }

    void doneWith() {
        memory.giveBack(heldBytes);
        heldBytes = 0;
        if (out.length > KEPT_BYTES) {
            out = new byte[INITIAL_BYTES];
        }
    }

    private static InputStream zstd(InputStream in) throws IOException {
        var zstd = new ZstdInputStreamNoFinalizer(in);
        zstd.setLongMax(MAX_WINDOW_LOG);
        return zstd;
    }
}

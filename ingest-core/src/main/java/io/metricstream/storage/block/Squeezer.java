package io.metricstream.storage.block;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Makes bytes fewer where that pays: zstd, or the bytes as they are. Which of the two follows from the lengths before
 * and after, so nothing else is stored.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
public final class Squeezer implements AutoCloseable {
    /** On pages of remainders the levels above gain under a thousandth and take longer (docs/format/part.md). */
    private static final int LEVEL = 1;

    private final ZstdCompressCtx context = new ZstdCompressCtx();

    public Squeezer() {
        context.setLevel(LEVEL);
        context.setContentSize(false);
        context.setChecksum(false);
        context.setDictID(false);
    }

    /** Appends the bytes of one output to another, squeezed where that saves a sixteenth; returns their number. */
    public int squeeze(PackedOutput from, PackedOutput to) {
        int length = from.length();
        if (length > 32) {
            to.reserve((int) Zstd.compressBound(length));
            int at = to.length();
            int squeezed = context.compressByteArray(to.bytes(), at, to.bytes().length - at, from.bytes(), 0, length);
            if (squeezed < length - length / 16) {
                to.skip(squeezed);
                return squeezed;
            }
        }
        to.append(from);
        return length;
    }

    @Override
    public void close() {
        context.close();
    }
}

package io.metricstream.storage.block;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import org.jspecify.annotations.Nullable;

/**
 * Undoes {@link Squeezer}. Owns: memory outside of the heap from the first squeezed bytes on, until {@link #close}; it
 * costs as much to make as some thousand bytes to unpack.
 */
@OwnedBy(Role.QUERY)
public final class Unsqueezer implements AutoCloseable {
    private @Nullable ZstdDecompressCtx context;

    /**
     * Writes exactly {@code length} bytes to {@code to}, from its start.
     *
     * <p>Fails: where the squeezed bytes do not become so many.
     */
    public void unsqueeze(@Borrowed byte[] from, int at, int squeezed, @Borrowed byte[] to, int length)
            throws BlockFormatException {
        if (squeezed == length) {
            System.arraycopy(from, at, to, 0, length);
            return;
        }
        ZstdDecompressCtx made = context;
        if (made == null) {
            made = new ZstdDecompressCtx();
            context = made;
        }
        try {
            int found = made.decompressByteArray(to, 0, length, from, at, squeezed);
            if (found != length) {
                throw new BlockFormatException("squeezed bytes: found=" + found + ", wanted=" + length);
            }
        } catch (ZstdException e) {
            throw new BlockFormatException("squeezed bytes: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        ZstdDecompressCtx made = context;
        if (made != null) {
            made.close();
        }
    }
}

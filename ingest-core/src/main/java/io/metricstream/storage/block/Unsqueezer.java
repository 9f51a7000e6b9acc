package io.metricstream.storage.block;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** Undoes {@link Squeezer}. Owns: a context of the library, made when it is first needed, until {@link #close}. */
@OwnedBy(Role.QUERY)
public final class Unsqueezer implements AutoCloseable {
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();

    /**
     * Writes exactly {@code length} bytes to {@code to}, from its start.
     *
     * <p>Fails: where the squeezed bytes do not become so many.
     */
    public void unsqueeze(@Borrowed byte[] from, int at, int squeezed, @Borrowed byte[] to, int length)
            throws MalformedException {
        if (squeezed == length) {
            System.arraycopy(from, at, to, 0, length);
            return;
        }
        try {
            int made = context.decompressByteArray(to, 0, length, from, at, squeezed);
            if (made != length) {
                throw new MalformedException("squeezed bytes: found=" + made + ", wanted=" + length);
            }
        } catch (ZstdException e) {
            throw new MalformedException("squeezed bytes: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        context.close();
    }
}

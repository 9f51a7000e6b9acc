package io.metricstream.http;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses an answer on its way to a {@link ReplyStream}, unless it is too short for that to be worth while.
 *
 * <p>Thread: the worker that makes the answer. Owns: the compressor, until {@link #release}. Order: writes, {@link #finish}
 * where the answer is whole, {@link #release} in any case. Limits: what is not compressed yet, {@value #SHORT_BYTES} bytes and the
 * compressor's window.
 */
@OwnedBy(Role.QUERY)
final class GzipReply extends OutputStream {
    /** An answer up to this length fits into one packet of most networks. */
    private static final int SHORT_BYTES = 1400;

    private static final int BUFFER_BYTES = 8 << 10;

    private final ReplyStream out;
    private final byte[] start = new byte[SHORT_BYTES];
    private int length;
    private @Nullable Compressor compressor;

    GzipReply(ReplyStream out) {
        this.out = out;
    }

    /** The library's, whose native memory can be given back in the middle of an answer. */
    private static final class Compressor extends GZIPOutputStream {
        Compressor(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
        }

        void release() {
            def.end();
        }
    }

    /** Whether a client takes answers in this form. */
    static boolean isWanted(HttpHeaders headers) {
        for (String line : headers.getAll(HttpHeaderNames.ACCEPT_ENCODING)) {
            for (String item : line.split(",", -1)) {
                String[] parts = item.split(";", -1);
                String encoding = parts[0].trim().toLowerCase(Locale.ROOT);
                if (encoding.equals("gzip") || encoding.equals("x-gzip")) {
                    return Quality.of(parts) > 0;
                }
            }
        }
        return false;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(@Borrowed byte[] bytes, int offset, int count) throws IOException {
        // Much may be compressed before anything comes to the stream.
        out.checkWanted();
        if (compressor == null && count <= SHORT_BYTES - length) {
            System.arraycopy(bytes, offset, start, length, count);
            length += count;
        } else {
            compressor().write(bytes, offset, count);
        }
    }

    /** Hands on what is left; the answer is whole. */
    void finish() throws IOException {
        if (compressor == null) {
            out.write(start, 0, length);
        } else {
            compressor.finish();
        }
    }

    void release() {
        if (compressor != null) {
            compressor.release();
        }
    }

    private Compressor compressor() throws IOException {
        Compressor known = compressor;
        if (known == null) {
            out.isEncoded("gzip");
            known = new Compressor(out);
            compressor = known;
            known.write(start, 0, length);
        }
        return known;
    }
}

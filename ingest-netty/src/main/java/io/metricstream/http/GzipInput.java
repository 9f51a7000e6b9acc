package io.metricstream.http;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip (RFC 1952): one member, or several one behind the other, and nothing else. Java's own stream passes over
 * what follows the last member, so that half a body that was damaged would look like a whole one.
 *
 * <p>Thread: one event loop. Order: {@link #open}, then reads, then {@link #close}; again and again. Limits: {@value #MAX_MEMBERS} members, as
 * empty ones take time and make nothing. Fails: IOException on bytes that are not gzip.
 */
@OwnedBy(Role.EVENT_LOOP)
final class GzipInput extends InputStream {
    private static final int MAX_MEMBERS = 1000;
    private static final int DEFLATE = 8;
    private static final int FIXED_BYTES = 10;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private static final byte[] NONE = new byte[0];

    private final Inflater deflated = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private byte[] in = NONE;
    private int at;
    private int end;
    private int members;
    private boolean inMember;

    void open(@Borrowed byte[] bytes, int length) {
        in = bytes;
        at = 0;
        end = length;
        members = 0;
        inMember = false;
    }

    /** Lets go of the bytes. */
    @Override
    public void close() {
        in = NONE;
        deflated.reset();
    }

    @Override
    public int read() throws IOException {
        throw new UnsupportedOperationException("only whole pieces are read");
    }

    @Override
    public int read(byte[] out, int offset, int length) throws IOException {
        while (true) {
            if (!inMember) {
                if (at == end && members > 0) {
                    return -1;
                }
                begin();
            }
            int count = inflate(out, offset, length);
            if (count > 0) {
                crc.update(out, offset, count);
                return count;
            }
            if (!deflated.finished()) {
                throw new EOFException("it ends in the middle");
            }
            finish();
        }
    }

    private int inflate(byte[] out, int offset, int length) throws IOException {
        try {
            return deflated.inflate(out, offset, length);
        } catch (DataFormatException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void begin() throws IOException {
        if (++members > MAX_MEMBERS) {
            throw new IOException("found more than " + MAX_MEMBERS + " members");
        }
        int start = at;
        if (end - start < FIXED_BYTES) {
            throw new EOFException(members == 1 ? "it ends in the header" : "something follows that is no member");
        }
        if (next() != 0x1f || next() != 0x8b) {
            throw new IOException(members == 1 ? "it does not begin so" : "something follows that is no member");
        }
        int method = next();
        int flags = next();
        if (method != DEFLATE || (flags & RESERVED) != 0) {
            throw new IOException("found method " + method + " and flags " + flags + ", wanted deflate");
        }
        at = start + FIXED_BYTES;
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            crc.reset();
            crc.update(in, start, at - start);
            check("header checksum", next() | next() << 8, crc.getValue() & 0xffff);
        }
        crc.reset();
        deflated.reset();
        deflated.setInput(in, at, end - at);
        inMember = true;
    }

    private void finish() throws IOException {
        at = end - deflated.getRemaining();
        check("checksum", nextInt(), crc.getValue());
        check("length", nextInt(), deflated.getBytesWritten() & 0xffff_ffffL);
        inMember = false;
    }

    private static void check(String what, long found, long wanted) throws IOException {
        if (found != wanted) {
            throw new IOException(what + ": found " + found + ", wanted " + wanted);
        }
    }

    private long nextInt() throws EOFException {
        return next() | (long) next() << 8 | (long) next() << 16 | (long) next() << 24;
    }

    private int next() throws EOFException {
        if (at == end) {
            throw new EOFException("it ends in the middle");
        }
        return in[at++] & 0xff;
    }

    private void skip(int count) throws EOFException {
        if (end - at < count) {
            throw new EOFException("it ends in the header");
        }
        at += count;
    }

    private void skipText() throws EOFException {
        while (next() != 0) {
            // A name or a comment, of no use here.
        }
    }
}

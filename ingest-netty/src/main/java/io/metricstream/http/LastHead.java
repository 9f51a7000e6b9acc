package io.metricstream.http;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head that a connection has read last. A client sends the same head with every write, but for the length of the
 * body; such a head is recognised by its bytes and not looked at again.
 *
 * <p>What is recognised has been read by Netty's decoder and found good by {@link Strictness}; one plain number stands in
 * the place of another. What depends on the moment or on the length is decided anew by {@link Dispatch}.
 *
 * <p>Thread: the connection's event loop. Order: {@link #see} for each head, then {@link #isWrite} where it is that of a
 * write. Limits: heads of up to {@value #MAX_BYTES} bytes that would not break a limit with a longer number in them, and
 * bodies that came whole with them.
 */
@OwnedBy(Role.EVENT_LOOP)
final class LastHead {
    static final int MAX_BYTES = 1024;
    static final int NO_MATCH = -1;
    private static final int MAX_DIGITS = 6;
    private static final byte[] NAME = {'c', 'o', 'n', 't', 'e', 'n', 't', '-', 'l', 'e', 'n', 'g', 't', 'h', ':'};
    private static final byte[] NONE = new byte[0];

    private final int maxBytes;
    /** For a copy of what has come; shared by the connections of an event loop. */
    private final byte[] scratch;

    private byte[] text = NONE;
    private int lengthStart;
    private int lengthEnd;
    private @Nullable Exchange model;
    private @Nullable WriteHead write;
    private int bodyBytes;

    LastHead(HttpLimits limits, byte[] scratch) {
        this.maxBytes = Math.min(MAX_BYTES, limits.headerBytes()) - MAX_DIGITS;
        this.scratch = scratch;
    }

    static byte[] newScratch() {
        return new byte[MAX_BYTES];
    }

    /** A head was read, from its first byte to its empty line. */
    void see(ByteBuf in, int from, int to) {
        model = null;
        write = null;
        int length = to - from;
        if (length > maxBytes) {
            text = NONE;
            return;
        }
        if (text.length != length) {
            text = new byte[length];
        }
        in.getBytes(from, text);
    }

    /** The head seen last is that of this write. */
    void isWrite(Exchange exchange, WriteHead head) {
        if (text.length > 0
                && head.fault() == null
                && !head.wantsContinue()
                && !exchange.oldVersion
                && exchange.keepAlive
                && findLength()) {
            model = exchange;
            write = head;
        }
    }

    /**
     * Looks for this head, with any length in it, and all of its body at the reader index.
     *
     * @return the index of the body, or {@link #NO_MATCH}
     */
    int match(ByteBuf in) {
        int available = in.readableBytes();
        if (write == null || available < text.length) {
            return NO_MATCH;
        }
        int copied = Math.min(available, text.length + MAX_DIGITS);
        in.getBytes(in.readerIndex(), scratch, 0, copied);
        if (!Arrays.equals(scratch, 0, lengthStart, text, 0, lengthStart)) {
            return NO_MATCH;
        }
        int at = lengthStart;
        int number = 0;
        while (at < lengthStart + MAX_DIGITS && isDigit(scratch[at])) {
            number = number * 10 + scratch[at++] - '0';
        }
        int end = at + text.length - lengthEnd;
        if (at == lengthStart
                || scratch[lengthStart] == '0'
                || end > copied
                || number > available - end
                || !Arrays.equals(scratch, at, end, text, lengthEnd, text.length)) {
            return NO_MATCH;
        }
        bodyBytes = number;
        return in.readerIndex() + end;
    }

    /** The length of the body, after a match. */
    int bodyBytes() {
        return bodyBytes;
    }

    /** What the head says; after a match. */
    WriteHead write() {
        WriteHead known = write;
        if (known == null) {
            throw new IllegalStateException("no head was recognised");
        }
        return known;
    }

    /** A new exchange for it; after a match. */
    Exchange exchange() {
        Exchange known = model;
        if (known == null) {
            throw new IllegalStateException("no head was recognised");
        }
        return new Exchange(known);
    }

    /** Finds the number of the one Content-Length; false where there is none, or not one as most write it. */
    private boolean findLength() {
        int line = 0;
        while (line < text.length && !isName(line)) {
            while (line < text.length && text[line] != '\n') {
                line++;
            }
            line++;
        }
        int at = line + NAME.length;
        while (at < text.length && text[at] == ' ') {
            at++;
        }
        lengthStart = at;
        while (at < text.length && isDigit(text[at])) {
            at++;
        }
        lengthEnd = at;
        return lengthEnd > lengthStart && text[lengthStart] != '0';
    }

    private boolean isName(int from) {
        if (from + NAME.length > text.length) {
            return false;
        }
        for (int i = 0; i < NAME.length; i++) {
            int b = text[from + i];
            if (b != NAME[i] && (b | 0x20) != NAME[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}

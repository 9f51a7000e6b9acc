package io.metricstream.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import org.jspecify.annotations.Nullable;

/**
 * What Netty's decoder tolerates in the lines of a head and a proxy in front may read differently: blanks other than one
 * space in the request line (RFC 9112 section 3), and header lines that begin with a blank (section 5.2). Stateless.
 */
final class HeadLines {
    private static final ByteProcessor VISIBLE = b -> b > ' ' && b < 0x7f;
    private static final int VERSION_BYTES = "HTTP/1.1".length();

    private HeadLines() {}

    /**
     * What is wrong with the complete lines that begin at the reader index; null where nothing is.
     *
     * @param inHeaders whether the request line has been read
     */
    static @Nullable String fault(ByteBuf in, boolean inHeaders) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        if (!inHeaders) {
            int lineFeed = in.indexOf(at, end, (byte) '\n');
            if (lineFeed < 0) {
                return null;
            }
            if (!isRequestLine(in, at, lineFeed)) {
                return "the request line is not a method, a target and a version with one space between them";
            }
            at = lineFeed + 1;
        }
        return isFolded(in, at, end) ? "a header line begins with a blank" : null;
    }

    private static boolean isRequestLine(ByteBuf in, int start, int lineFeed) {
        if (lineFeed == start || in.getByte(lineFeed - 1) != '\r') {
            return false;
        }
        int end = lineFeed - 1;
        int method = word(in, start, end);
        int target = method < 0 ? -1 : word(in, method + 1, end);
        int version = target + 1;
        return target > 0
                && end - version == VERSION_BYTES
                && in.getByte(version) == 'H'
                && in.getByte(version + 1) == 'T'
                && in.getByte(version + 2) == 'T'
                && in.getByte(version + 3) == 'P'
                && in.getByte(version + 4) == '/'
                && isDigit(in.getByte(version + 5))
                && in.getByte(version + 6) == '.'
                && isDigit(in.getByte(version + 7));
    }

    /** The index of the space behind a word of visible characters; -1 where there is no such thing. */
    private static int word(ByteBuf in, int start, int end) {
        int behind = in.forEachByte(start, end - start, VISIBLE);
        return behind > start && in.getByte(behind) == ' ' ? behind : -1;
    }

    /** Whether a line begins with a blank, from {@code at}, where a line begins, to the empty line. */
    private static boolean isFolded(ByteBuf in, int start, int end) {
        int at = start;
        while (at >= 0 && at < end) {
            byte first = in.getByte(at);
            if (first == ' ' || first == '\t') {
                return true;
            }
            if (first == '\r' || first == '\n') {
                return false;
            }
            int lineFeed = in.indexOf(at, end, (byte) '\n');
            at = lineFeed < 0 ? -1 : lineFeed + 1;
        }
        return false;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}

package io.metricstream.feed;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * The lines of a file, unpacked where its name ends with {@code .gz} or {@code .zst}.
 *
 * <p>Owns: the open file, and one line. Order: {@link #next}, then the questions about the line. Limits: lines of
 * {@value #MOST_LINE_BYTES} bytes. Fails: FeedException where the file cannot be read, with its place.
 */
@OwnedBy(Role.MAIN)
final class FeedFile implements AutoCloseable {
    static final List<String> PACKED_ENDINGS = List.of(".gz", ".zst");
    static final int MOST_LINE_BYTES = 64 << 20;
    private static final int BUFFER_BYTES = 256 << 10;

    private final String name;
    private final Counted file;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number;
    private long endBytes;

    private FeedFile(String name, Counted file, InputStream in) {
        this.name = name;
        this.file = file;
        this.in = in;
    }

    /** Counts what is read, before it is unpacked. */
    private static final class Counted extends FilterInputStream {
        private long bytes;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            bytes += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int count = super.read(to, offset, length);
            bytes += Math.max(0, count);
            return count;
        }
    }

    static FeedFile open(String name) throws FeedException {
        try {
            boolean standard = name.equals(FeedSource.STANDARD_INPUT);
            var file = new Counted(standard ? System.in : new FileInputStream(name));
            return new FeedFile(standard ? "standard input" : name, file, unpacked(name, file));
        } catch (IOException e) {
            throw new FeedException(name + ": cannot be read: " + e.getMessage());
        }
    }

    private static InputStream unpacked(String name, Counted file) throws IOException {
        String lower = name.toLowerCase(Locale.ROOT);
        try {
            if (lower.endsWith(".gz")) {
                return new GZIPInputStream(file, BUFFER_BYTES);
            }
            return lower.endsWith(".zst") ? new ZstdInputStreamNoFinalizer(file) : file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Goes to the next line; false where there is none. */
    boolean next() throws FeedException {
        line.reset();
        boolean any = false;
        while (true) {
            if (from == to && !fill()) {
                number += any ? 1 : 0;
                return any;
            }
            any = true;
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            if (line.size() > MOST_LINE_BYTES - (end - from)) {
                throw new FeedException(
                        name + ", line " + (number + 1) + ": longer than " + MOST_LINE_BYTES + " bytes");
            }
            line.write(buffer, from, end - from);
            endBytes += end - from;
            from = end;
            if (end < to) {
                from++;
                endBytes++;
                number++;
                return true;
            }
        }
    }

    private boolean fill() throws FeedException {
        try {
            from = 0;
            to = Math.max(0, in.read(buffer, 0, buffer.length));
            return to > 0;
        } catch (IOException e) {
            throw new FeedException(name + ", behind line " + number + ": cannot be read: " + e.getMessage());
        }
    }

    /** The line without its end. */
    String text() throws BadLineException {
        byte[] bytes = line.toByteArray();
        int length = bytes.length;
        if (length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadLineException("found bytes that are not UTF-8");
        }
    }

    /** For messages. */
    String name() {
        return name;
    }

    /** The line's number, counted from 1. */
    long number() {
        return number;
    }

    /** Where the line ends, in bytes of unpacked lines. */
    long endBytes() {
        return endBytes;
    }

    /** What was read of the file as it lies on the disk. */
    long readBytes() {
        return file.bytes;
    }

    @Override
    public void close() throws FeedException {
        try {
            in.close();
        } catch (IOException e) {
            throw new FeedException(name + ": cannot be closed: " + e.getMessage());
        }
    }
}

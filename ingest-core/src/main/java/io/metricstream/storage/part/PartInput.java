package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.Transferred;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.BlockFormatException;
import io.metricstream.storage.block.BlockPageReader;
import io.metricstream.storage.block.Unsqueezer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pages of a file; each is checked before anything in it is believed, and a claimed length before memory is
 * taken for it.
 *
 * <p>Thread: one; others read the same file with an input of their own. Owns: an unsqueezer, until {@link #close}; the file
 * stays the caller's. Fails: {@link StorageFailure.Corrupt} with the file and the offset.
 */
@OwnedBy(Role.QUERY)
final class PartInput implements AutoCloseable {
    private final DiskFile file;
    private final Path path;
    private final long fileBytes;
    private final PartMemory memory;
    private final long part;
    private final boolean keeps;
    private final Unsqueezer unsqueezer;
    private boolean closed;

    /** A page's payload, {@link #length} bytes from {@link #start}; its arrays are used for one page after the other. */
    static final class Page {
        private byte[] frame = new byte[0];
        private byte[] raw = new byte[0];
        /** The payload where it was known already. */
        private byte @Nullable [] known;

        private boolean squeezed;
        private int length;
        /** Where the page begins in the file; -1 while there is none. */
        private long offset = -1;

        byte[] bytes() {
            byte[] shared = known;
            return shared != null ? shared : squeezed ? raw : frame;
        }

        int start() {
            return known != null || squeezed ? 0 : PartLayout.PAGE_HEADER_BYTES;
        }

        int length() {
            return length;
        }

        long offset() {
            return offset;
        }

        /** There is none, so that the next one is brought in wherever it is. */
        void forget() {
            offset = -1;
        }
    }

    /** Reads something once. */
    PartInput(DiskFile file, Path path, long fileBytes) {
        this(file, path, fileBytes, new Shared(PartMemory.none(), 0, false));
    }

    /**
     * What readers of a part have together.
     *
     * @param part its number there
     * @param keeps whether what is read is likely to be read again
     */
    record Shared(PartMemory memory, long part, boolean keeps) {}

    PartInput(DiskFile file, Path path, long fileBytes, Shared shared) {
        this.file = file;
        this.path = path;
        this.fileBytes = fileBytes;
        this.memory = shared.memory();
        this.part = shared.part();
        this.keeps = shared.keeps();
        this.unsqueezer = memory.takeUnsqueezer();
    }

    /** The number of the part in the memory of its readers. */
    long part() {
        return part;
    }

    Path path() {
        return path;
    }

    long fileBytes() {
        return fileBytes;
    }

    /** Brings a page of this kind in, unless it is there already; {@code expectedBytes} is a guess at its length. */
    void read(long offset, byte kind, int expectedBytes, Page into) throws StorageFailure {
        if (into.offset == offset) {
            return;
        }
        into.offset = -1;
        // Pages of samples are left by who has read them, with what is in them.
        boolean shares = keeps && kind != PartLayout.KIND_SAMPLES;
        into.known = shares ? memory.index(part, offset, kind) : null;
        if (into.known != null) {
            into.length = into.known.length;
            into.offset = offset;
            return;
        }
        long end = fileBytes - PartLayout.TRAILER_BYTES;
        if (offset < PartLayout.HEADER_BYTES || offset > end - PartLayout.PAGE_HEADER_BYTES) {
            throw corrupt(offset, "no page can begin here");
        }
        int wanted = (int) Math.min(end - offset, PartLayout.PAGE_HEADER_BYTES + (long) expectedBytes);
        fill(into, offset, 0, wanted);
        int length = (int) PartLayout.INTS.get(into.frame, PartLayout.PAGE_LENGTH_AT);
        if (length < 0 || length > end - offset - PartLayout.PAGE_HEADER_BYTES) {
            throw corrupt(offset, "a page of " + Integer.toUnsignedString(length) + " bytes does not fit in");
        }
        int total = PartLayout.PAGE_HEADER_BYTES + length;
        if (total > wanted) {
            fill(into, offset, wanted, total);
        }
        unpack(into, offset, kind, total);
        into.offset = offset;
        if (shares) {
            byte[] payload = Arrays.copyOfRange(into.bytes(), into.start(), into.start() + into.length);
            memory.leaveIndex(part, offset, kind, payload);
        }
    }

    private void unpack(Page page, long offset, byte kind, int total) throws StorageFailure {
        byte[] frame = page.frame;
        int crc = PartLayout.crc(frame, PartLayout.PAGE_LENGTH_AT, total - PartLayout.PAGE_LENGTH_AT);
        if (crc != (int) PartLayout.INTS.get(frame, PartLayout.PAGE_CRC_AT)) {
            throw corrupt(offset, "the checksum of a page does not match");
        }
        int raw = (int) PartLayout.INTS.get(frame, PartLayout.PAGE_RAW_LENGTH_AT);
        if ((int) PartLayout.INTS.get(frame, PartLayout.PAGE_KIND_AT) != kind
                || raw < 0
                || raw > PartLayout.MAX_PAGE_BYTES) {
            throw corrupt(offset, "a page of kind " + frame[PartLayout.PAGE_KIND_AT] + ", wanted " + kind);
        }
        int length = total - PartLayout.PAGE_HEADER_BYTES;
        page.length = raw;
        page.squeezed = length != raw;
        if (page.squeezed) {
            if (page.raw.length < raw + BlockPageReader.SLACK_BYTES) {
                page.raw = new byte[raw + raw / 4 + BlockPageReader.SLACK_BYTES];
            }
            try {
                unsqueezer.unsqueeze(frame, PartLayout.PAGE_HEADER_BYTES, length, page.raw, raw);
            } catch (BlockFormatException e) {
                throw corrupt(offset, "a page cannot be unpacked: " + e.getMessage());
            }
        }
    }

    private void fill(Page page, long offset, int from, int to) throws StorageFailure {
        if (page.frame.length < to + BlockPageReader.SLACK_BYTES) {
            byte[] longer = new byte[to + to / 4 + BlockPageReader.SLACK_BYTES];
            System.arraycopy(page.frame, 0, longer, 0, from);
            page.frame = longer;
        }
        readFully(page.frame, offset, from, to);
    }

    /** Reads bytes of the file as they are. */
    void readFully(byte[] into, long offset, int from, int to) throws StorageFailure {
        ByteBuffer buffer = ByteBuffer.wrap(into, from, to - from);
        while (buffer.hasRemaining()) {
            if (read(buffer, offset) < 0) {
                throw corrupt(offset, "the file ends early");
            }
        }
    }

    /** What the disk does not give is as good as damaged: other pages may be readable. */
    private int read(ByteBuffer buffer, long offset) throws StorageFailure {
        try {
            return file.read(buffer, offset + buffer.position());
        } catch (StorageFailure.Io e) {
            throw corrupt(offset, "cannot be read: " + e.getMessage());
        }
    }

    /** The page of samples with this number, or one to be filled with it. */
    SamplePage takeSamples(int number) {
        return memory.takeSamples(part, number, unsqueezer);
    }

    void leaveSamples(@Transferred SamplePage samples) {
        if (keeps) {
            memory.leaveSamples(samples);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.leaveUnsqueezer(unsqueezer);
        }
    }

    StorageFailure.Corrupt corrupt(long offset, String reason) {
        return new StorageFailure.Corrupt(path, offset, reason);
    }
}

package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.PackedOutput;
import io.metricstream.storage.part.PartLayout.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Appends frames to a new file, many of them with each write. */
@OwnedBy(Role.FLUSHER)
final class FrameWriter {
    private static final int BUFFER_BYTES = 1 << 18;

    private final DiskFile file;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private long written;

    FrameWriter(DiskFile file) {
        this.file = file;
    }

    /** Where the next byte will be. */
    long position() {
        return written + buffered;
    }

    /** Appends a frame. */
    FrameRef put(Kind kind, PackedOutput payload) throws StorageFailure {
        int length = PartLayout.FRAME_HEADER_BYTES + payload.length();
        if (length > PartLayout.MAX_FRAME_BYTES) {
            throw new IllegalStateException(
                    "frame too long: found=" + length + ", wanted at most " + PartLayout.MAX_FRAME_BYTES);
        }
        room(length);
        long offset = position();
        System.arraycopy(
                payload.bytes(), 0, buffer, buffered + PartLayout.FRAME_HEADER_BYTES, payload.length());
        PartLayout.sealFrame(buffer, buffered, length, kind, offset);
        buffered += length;
        return new FrameRef(offset, length);
    }

    /** Appends bytes that are no frame. */
    void putPlain(byte[] bytes) throws StorageFailure {
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, buffered, bytes.length);
        buffered += bytes.length;
    }

    /** Hands all that was appended to the file. */
    void flush() throws StorageFailure {
        file.write(ByteBuffer.wrap(buffer, 0, buffered), written);
        written += buffered;
        buffered = 0;
    }

    private void room(int length) throws StorageFailure {
        if (buffer.length - buffered < length) {
            flush();
            if (buffer.length < length) {
                buffer = Arrays.copyOf(buffer, length);
            }
        }
    }
}

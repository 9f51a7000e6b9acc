package io.metricstream.parquet;

import io.metricstream.export.LineOutput;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** Where the library writes: what comes goes on to another output in the same order. */
@OwnedBy(Role.MAIN)
final class ParquetOutput extends PositionOutputStream {
    private static final int BUFFER_BYTES = 256 << 10;

    private final LineOutput output;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long position;

    ParquetOutput(LineOutput output) {
        this.output = output;
    }

    /** As the library wants it; it is opened once. */
    OutputFile asFile() {
        return new OutputFile() {
            @Override
            public PositionOutputStream create(long blockSizeHint) {
                return ParquetOutput.this;
            }

            @Override
            public PositionOutputStream createOrOverwrite(long blockSizeHint) {
                return ParquetOutput.this;
            }

            @Override
            public boolean supportsBlockSize() {
                return false;
            }

            @Override
            public long defaultBlockSize() {
                return 0;
            }
        };
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public void write(int b) throws IOException {
        if (!buffer.hasRemaining()) {
            drain();
        }
        buffer.put((byte) b);
        position++;
    }

    @Override
    public void write(@Borrowed byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (!buffer.hasRemaining()) {
                drain();
            }
            int count = Math.min(buffer.remaining(), end - at);
            buffer.put(bytes, at, count);
            at += count;
        }
        position += length;
    }

    @Override
    public void close() throws IOException {
        drain();
    }

    private void drain() throws IOException {
        buffer.flip();
        try {
            output.write(buffer);
        } catch (StorageFailure e) {
            throw new IOException(e.getMessage(), e);
        }
        buffer.clear();
    }
}

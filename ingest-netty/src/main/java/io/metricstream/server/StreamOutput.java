package io.metricstream.server;

import io.metricstream.export.LineOutput;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;

/** Standard output, a pipe or a device: what can only be written to, not put in place when it is whole. */
@OwnedBy(Role.MAIN)
final class StreamOutput implements LineOutput, AutoCloseable {
    private final Path name;
    private final FileOutputStream stream;
    private final FileChannel channel;
    private boolean readerGone;

    private StreamOutput(Path name, FileOutputStream stream) {
        this.name = name;
        this.stream = stream;
        this.channel = stream.getChannel();
    }

    /** Past {@code System.out}, which keeps quiet about errors. */
    static StreamOutput standard() {
        return new StreamOutput(Path.of("standard output"), new FileOutputStream(FileDescriptor.out));
    }

    static StreamOutput to(Path path) throws StorageFailure {
        try {
            return new StreamOutput(path, new FileOutputStream(path.toFile()));
        } catch (FileNotFoundException e) {
            throw new StorageFailure.Io(path, "opening for writing", e);
        }
    }

    @Override
    public void write(@Borrowed ByteBuffer lines) throws StorageFailure {
        try {
            while (lines.hasRemaining()) {
                channel.write(lines);
            }
        } catch (IOException e) {
            readerGone = isReaderGone(e);
            throw new StorageFailure.Io(name, "writing", e);
        }
    }

    /** Whether it says that nobody reads any more. */
    static boolean isReaderGone(IOException failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
    }

    /** Whether writing failed because whoever read has had enough, as {@code head} does. */
    boolean readerGone() {
        return readerGone;
    }

    /** Standard output stays open: it is the process's. */
    @Override
    public void close() throws StorageFailure {
        try {
            if (stream.getFD() != FileDescriptor.out) {
                stream.close();
            }
        } catch (IOException e) {
            throw new StorageFailure.Io(name, "closing", e);
        }
    }
}

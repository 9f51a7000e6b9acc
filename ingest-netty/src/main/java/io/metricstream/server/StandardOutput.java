package io.metricstream.server;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What commands show, to a stream that may fail: the first failure is kept for the end of the process, as writers for people
 * pass over it.
 */
@OwnedBy(Role.MAIN)
final class StandardOutput extends OutputStream {
    private final OutputStream stream;
    private @Nullable IOException failure;

    StandardOutput(OutputStream stream) {
        this.stream = stream;
    }

    /** The process's, past {@code System.out}, which keeps quiet about errors. */
    static StandardOutput ofProcess() {
        return new StandardOutput(new FileOutputStream(FileDescriptor.out));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(@Borrowed byte[] bytes, int offset, int count) throws IOException {
        try {
            stream.write(bytes, offset, count);
        } catch (IOException e) {
            if (failure == null) {
                failure = e;
            }
            throw e;
        }
    }

    /** Why not all could be written; null where it could, or where whoever read has had enough, as {@code head} does. */
    @Nullable
    String problem() {
        return failure == null || StreamOutput.isReaderGone(failure)
                ? null
                : "standard output: not all of it could be written: " + failure.getMessage();
    }
}

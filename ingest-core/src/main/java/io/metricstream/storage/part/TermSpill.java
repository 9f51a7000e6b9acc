package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.PackedOutput;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorted terms that do not fit in memory, in a temporary file beside the part, stretch by stretch; the series of a later
 * stretch come after those of an earlier one. The file is made when it is first needed and deleted on close.
 */
@OwnedBy(Role.FLUSHER)
final class TermSpill implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Disk disk;
    private final Path path;
    private @Nullable DiskFile file;
    private final PackedOutput out = new PackedOutput();
    private long written;
    private final List<Long> ends = new ArrayList<>();
    private int[] series = new int[16];

    TermSpill(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    /** Writes all of a source as one stretch. */
    void add(TermSource source) throws StorageFailure {
        while (source.next()) {
            int count = source.count();
            if (series.length < count) {
                series = new int[Math.max(count, 2 * series.length)];
            }
            source.copySeries(series, 0);
            byte[] term = source.term();
            int at = source.termAt();
            int value = at + Term.varintBytes(term, at) + Term.varint(term, at);
            int length = value + Term.varintBytes(term, value) + Term.varint(term, value) - at;
            out.varint(length);
            out.bytes(term, at, length);
            out.varint(count);
            int before = 0;
            for (int i = 0; i < count; i++) {
                out.varint(series[i] - before);
                before = series[i];
                flushAt(BUFFER_BYTES);
            }
        }
        flushAt(1);
        ends.add(written);
    }

    private void flushAt(int bytes) throws StorageFailure {
        if (out.length() >= bytes) {
            opened().write(ByteBuffer.wrap(out.bytes(), 0, out.length()), written);
            written += out.length();
            out.clear();
        }
    }

    private DiskFile opened() throws StorageFailure {
        DiskFile open = file;
        if (open == null) {
            disk.delete(path);
            open = disk.create(path);
            file = open;
        }
        return open;
    }

    /** Each stretch as it was written. */
    List<TermSource> stretches() throws StorageFailure {
        var all = new ArrayList<TermSource>();
        long start = 0;
        for (long end : ends) {
            all.add(new Stretch(opened(), start, end));
            start = end;
        }
        return all;
    }

    @Override
    public void close() throws StorageFailure {
        DiskFile open = file;
        if (open != null) {
            open.close();
            disk.delete(path);
        }
    }

    private final class Stretch implements TermSource {
        private final DiskFile from;
        private final long end;
        private long readTo;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int at;
        private int filled;
        private byte[] term = new byte[64];
        private int count;

        Stretch(DiskFile from, long start, long end) {
            this.from = from;
            this.readTo = start;
            this.end = end;
        }

        @Override
        public boolean next() throws StorageFailure {
            if (at == filled && readTo == end) {
                return false;
            }
            int length = varint();
            if (term.length < length) {
                term = new byte[2 * length];
            }
            for (int i = 0; i < length; i++) {
                term[i] = octet();
            }
            count = varint();
            return true;
        }

        private byte octet() throws StorageFailure {
            if (at == filled) {
                var into = ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, end - readTo));
                filled = from.read(into, readTo);
                if (filled <= 0) {
                    throw new StorageFailure.Corrupt(path, readTo, "the file ends here, while it was read");
                }
                readTo += filled;
                at = 0;
            }
            return buffer[at++];
        }

        private int varint() throws StorageFailure {
            int value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = octet();
                value |= (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }

        @Override
        public byte[] term() {
            return term;
        }

        @Override
        public int termAt() {
            return 0;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public void copySeries(int[] to, int start) throws StorageFailure {
            int number = 0;
            for (int i = 0; i < count; i++) {
                number += varint();
                to[start + i] = number;
            }
        }
    }

    /** Terms of several sources as one, in which the series of a source follow those of the sources before it. */
    static TermSource merged(List<TermSource> sources) throws StorageFailure {
        return sources.size() == 1 ? sources.get(0) : new Merged(sources);
    }

    private static final class Merged implements TermSource {
        private final TermSource[] sources;
        private final boolean[] live;
        private final int[] current;
        private int currents;

        Merged(List<TermSource> sources) throws StorageFailure {
            this.sources = sources.toArray(new TermSource[0]);
            this.live = new boolean[this.sources.length];
            this.current = new int[this.sources.length];
            for (int i = 0; i < live.length; i++) {
                live[i] = this.sources[i].next();
            }
        }

        @Override
        public boolean next() throws StorageFailure {
            for (int i = 0; i < currents; i++) {
                live[current[i]] = sources[current[i]].next();
            }
            currents = 0;
            for (int i = 0; i < live.length; i++) {
                if (live[i]) {
                    int c = currents == 0
                            ? 0
                            : Term.compare(sources[i].term(), sources[i].termAt(), term(), termAt());
                    if (c < 0) {
                        currents = 0;
                    }
                    if (c <= 0) {
                        current[currents++] = i;
                    }
                }
            }
            return currents > 0;
        }

        @Override
        public byte[] term() {
            return sources[current[0]].term();
        }

        @Override
        public int termAt() {
            return sources[current[0]].termAt();
        }

        @Override
        public int count() {
            int count = 0;
            for (int i = 0; i < currents; i++) {
                count += sources[current[i]].count();
            }
            return count;
        }

        @Override
        public void copySeries(int[] to, int at) throws StorageFailure {
            int next = at;
            for (int i = 0; i < currents; i++) {
                int count = sources[current[i]].count();
                sources[current[i]].copySeries(to, next);
                next += count;
            }
        }
    }
}

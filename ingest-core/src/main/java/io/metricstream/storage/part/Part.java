package io.metricstream.storage.part;

import io.metricstream.model.MetricType;
import io.metricstream.own.Borrowed;
import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Queryable;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An open part. Opening reads its contents page; the rest is read when it is asked for.
 *
 * <p>Thread: any, each with cursors of its own. Order: {@link #close} gives the reference back that opening took; the file
 * stays open until the last one is given back, those of {@link #tryAcquire} and of cursors too. Fails:
 * {@link StorageFailure.Corrupt} with the file and the offset where a page is damaged, {@link StorageFailure.Unsupported} on a
 * newer version. A page that the disk does not give is damaged.
 */
@ThreadSafe("immutable but for the number of its users, and what is remembered of what was read")
public final class Part implements Queryable, AutoCloseable {
    private final DiskFile file;
    private final Path path;
    private final Contents contents;
    private final PartMemory memory;
    /** That of this part in the memory. */
    private final long number;

    private final AtomicInteger users = new AtomicInteger(1);
    /** See {@link MetricTypes}; read when it is first asked for, by whoever asks first. */
    private volatile byte @Nullable [] metricTypes;

    private Part(DiskFile file, Path path, Contents contents, PartMemory memory) {
        this.file = file;
        this.path = path;
        this.contents = contents;
        this.memory = memory;
        this.number = memory.nextPart();
    }

    /** Opens one that is read once. */
    public static Part open(Disk disk, Path path) throws StorageFailure {
        return open(disk, path, PartMemory.none());
    }

    /** Opens one whose readers leave something to those that come after them. */
    public static Part open(Disk disk, Path path, PartMemory memory) throws StorageFailure {
        DiskFile file = disk.openRead(path);
        try (PartInput input = new PartInput(file, path, file.size())) {
            return new Part(file, path, readContents(input), memory);
        } catch (StorageFailure | RuntimeException e) {
            closeQuietly(file, e);
            throw e;
        }
    }

    public PartHeader header() {
        return contents.header();
    }

    /** The part as a reader sees it who deals with damage in this way; valid while the part is open. */
    public Queryable reading(PartDamage damage) {
        return new PartView(this, contents, damage);
    }

    @Override
    public SeriesCursor select(Selection selection) throws StorageFailure {
        return reading(PartDamage.FAIL).select(selection);
    }

    @Override
    public List<String> labelNames(Selection selection, int limit) throws StorageFailure {
        return reading(PartDamage.FAIL).labelNames(selection, limit);
    }

    @Override
    public List<String> labelValues(String label, Selection selection, int limit) throws StorageFailure {
        return reading(PartDamage.FAIL).labelValues(label, selection, limit);
    }

    @Override
    public Map<String, Set<MetricType>> types(Selection selection, int limit) throws StorageFailure {
        return reading(PartDamage.FAIL).types(selection, limit);
    }

    /** The labels with the number of series that have them. The caller closes it. */
    PartCounts counts() {
        acquire();
        return new PartCounts(this, input(), contents);
    }

    @Override
    public void close() {
        release();
    }

    /** Takes a reference, which keeps the file open; false where the part is closed. */
    public boolean tryAcquire() {
        int count = users.get();
        while (count > 0) {
            if (users.compareAndSet(count, count + 1)) {
                return true;
            }
            count = users.get();
        }
        return false;
    }

    void acquire() {
        if (!tryAcquire()) {
            throw new IllegalStateException("a part that is closed was asked: path=" + path);
        }
    }

    /** Gives a reference back. */
    public void release() {
        if (users.decrementAndGet() == 0) {
            memory.forget(number);
            try {
                file.close();
            } catch (StorageFailure e) {
                throw new IllegalStateException("a file that was only read cannot be closed", e);
            }
        }
    }

    /** Takes a key; the array is the part's, and valid during the call. */
    @FunctionalInterface
    public interface KeySink {
        void take(@Borrowed byte[] key, int length);
    }

    /** Shows the key of every series in their order; of the samples nothing is read. */
    public void eachKey(KeySink to) throws StorageFailure {
        try (PartInput input = input()) {
            var reader = new SeriesReader(input, contents);
            for (int series = 0; series < contents.header().series(); series++) {
                reader.moveTo(series);
                to.take(reader.key(), reader.keyLength());
            }
        }
    }

    /** The types of each metric, a byte for each, which are kept. */
    byte[] metricTypes(PartInput input) throws StorageFailure {
        byte[] types = metricTypes;
        if (types == null) {
            types = new MetricTypes(input, contents).read();
            metricTypes = types;
        }
        return types;
    }

    /** Reads what every reader needs; the verifier uses it too. */
    static Contents readContents(PartInput input) throws StorageFailure {
        long bytes = input.fileBytes();
        if (bytes < PartLayout.HEADER_BYTES + PartLayout.PAGE_HEADER_BYTES + PartLayout.TRAILER_BYTES) {
            throw input.corrupt(0, "a file of " + bytes + " bytes is no part");
        }
        byte[] header = new byte[PartLayout.HEADER_BYTES];
        input.readFully(header, 0, 0, header.length);
        byte[] wanted = PartLayout.header();
        if (!Arrays.equals(header, 0, PartLayout.MAGIC.length, wanted, 0, PartLayout.MAGIC.length)) {
            throw input.corrupt(0, "no part: the magic number is missing");
        }
        if (PartLayout.crc(header, 0, PartLayout.HEADER_CRC_AT)
                != (int) PartLayout.INTS.get(header, PartLayout.HEADER_CRC_AT)) {
            throw input.corrupt(0, "the checksum of the header does not match");
        }
        int version = (int) PartLayout.INTS.get(header, PartLayout.VERSION_AT);
        if (version != PartLayout.FORMAT_VERSION) {
            throw new StorageFailure.Unsupported(
                    input.path(), "part format version " + version, "version " + PartLayout.FORMAT_VERSION);
        }
        byte[] trailer = new byte[PartLayout.TRAILER_BYTES];
        long trailerAt = bytes - PartLayout.TRAILER_BYTES;
        input.readFully(trailer, trailerAt, 0, trailer.length);
        long contentsAt = (long) PartLayout.LONGS.get(trailer, 0);
        if (!Arrays.equals(trailer, PartLayout.trailer(contentsAt, bytes))) {
            throw input.corrupt(trailerAt, "the trailer is missing or damaged");
        }
        var page = new PartInput.Page();
        input.read(contentsAt, PartLayout.KIND_CONTENTS, PartLayout.INDEX_PAGE_BYTES, page);
        var in = new PageReader(input.path());
        in.open(page);
        return Contents.decode(in, bytes);
    }

    /** For who reads all of something, which the next one is not likely to do. */
    PartInput input() {
        return input(false);
    }

    /** @param keeps whether what is read is left to the next reader */
    PartInput input(boolean keeps) {
        return new PartInput(file, path, header().bytes(), new PartInput.Shared(memory, number, keeps));
    }

    private static void closeQuietly(DiskFile file, Exception because) {
        try {
            file.close();
        } catch (StorageFailure e) {
            because.addSuppressed(e);
        }
    }
}

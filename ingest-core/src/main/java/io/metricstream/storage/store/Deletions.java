package io.metricstream.storage.store;

import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.Deletion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The deletions in force, and the file {@code deletes} that holds them; docs/format/deletes.md describes it.
 *
 * <p>Immutable; a change makes a new one after its file is durable. Fails: {@link StorageFailure.Corrupt} on a damaged
 * file, {@link StorageFailure.Unsupported} on a newer one.
 */
record Deletions(List<Deletion> all, long lastId) {
    private static final byte[] MAGIC = "MSTRMDEL".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT_VERSION = 1;
    /** More than so many at once hold up every query, and no administrator means it. */
    static final int MAX_DELETIONS = 10_000;

    private static final int MAX_FILE_BYTES = 64 << 20;
    static final String FILE = "deletes";

    static final Deletions NONE = new Deletions(List.of(), 0);

    Deletions {
        all = List.copyOf(all);
    }

    Deletions with(Deletion added) {
        var more = new ArrayList<>(all);
        more.add(added);
        return new Deletions(more, added.id());
    }

    Deletions without(List<Deletion> done) {
        var fewer = new ArrayList<>(all);
        fewer.removeAll(done);
        return new Deletions(fewer, lastId);
    }

    /** These, and those of before that are not among them. */
    Deletions and(Deletions before) {
        if (all.containsAll(before.all)) {
            return this;
        }
        var both = new LinkedHashSet<Deletion>(before.all);
        both.addAll(all);
        return new Deletions(List.copyOf(both), lastId);
    }

    /** The same where files know of deletions up to this one, so that no number is given out again. */
    Deletions after(long usedId) {
        return usedId <= lastId ? this : new Deletions(all, usedId);
    }

    /** Those that hide samples of a part and are not applied to its file yet. */
    List<Deletion> hiding(LivePart part) {
        return hiding(
                part.header().origin().lastSequence(),
                part.appliedDeletion(),
                part.header().minMillis(),
                part.header().maxMillis());
    }

    /** Those that hide samples of a source: its records end at this sequence, and some were applied to it already. */
    List<Deletion> hiding(long lastSequence, long applied, long firstMillis, long lastMillis) {
        var hiding = new ArrayList<Deletion>();
        for (Deletion deletion : all) {
            if (lastSequence <= deletion.sequence()
                    && deletion.id() > applied
                    && deletion.touches(firstMillis, lastMillis)) {
                hiding.add(deletion);
            }
        }
        return hiding;
    }

    /**
     * Whether so many more fit in, those of one request; the limit of bytes is half of what {@link #load} takes, so that the
     * last ones may be long.
     */
    boolean hasRoomFor(int more) {
        return all.size() + more <= MAX_DELETIONS && encode().length <= MAX_FILE_BYTES / 2;
    }

    /** Makes the file say this. */
    void save(Disk disk, Path dataFolder) throws StorageFailure {
        DurableFiles.write(disk, dataFolder.resolve(FILE), ByteBuffer.wrap(encode()));
    }

    /** Reads the file; none is the same as one without deletions. */
    static Deletions load(Disk disk, Path dataFolder) throws StorageFailure {
        Path path = dataFolder.resolve(FILE);
        if (!disk.exists(path)) {
            return NONE;
        }
        ByteBuffer bytes = DurableFiles.read(disk, path, MAX_FILE_BYTES + 1);
        if (bytes.limit() > MAX_FILE_BYTES) {
            throw new StorageFailure.Corrupt(path, 0, "longer than " + MAX_FILE_BYTES + " bytes");
        }
        byte[] all = new byte[bytes.limit()];
        bytes.get(all);
        return decode(path, all);
    }

    private byte[] encode() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.write(MAGIC);
            out.writeInt(FORMAT_VERSION);
            out.writeLong(lastId);
            out.writeInt(all.size());
            for (Deletion deletion : all) {
                out.writeLong(deletion.id());
                out.writeLong(deletion.fromMillis());
                out.writeLong(deletion.toMillis());
                out.writeLong(deletion.sequence());
                out.writeInt(deletion.matchers().size());
                for (Matcher matcher : deletion.matchers()) {
                    writeText(out, matcher.op().text());
                    writeText(out, matcher.label());
                    writeText(out, matcher.value());
                }
            }
            out.flush();
            out.writeInt(crc(bytes.toByteArray(), bytes.size()));
        } catch (IOException impossible) {
            throw new IllegalStateException("an array that cannot be written to", impossible);
        }
        return bytes.toByteArray();
    }

    private static Deletions decode(Path path, byte[] bytes) throws StorageFailure {
        int end = bytes.length - Integer.BYTES;
        if (end < MAGIC.length + Integer.BYTES
                || !java.util.Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new StorageFailure.Corrupt(path, 0, "no file of deletions");
        }
        if (ByteBuffer.wrap(bytes).getInt(end) != crc(bytes, end)) {
            throw new StorageFailure.Corrupt(path, end, "checksum does not match");
        }
        int version = ByteBuffer.wrap(bytes).getInt(MAGIC.length);
        if (version != FORMAT_VERSION) {
            throw new StorageFailure.Unsupported(path, "deletions version " + version, "version " + FORMAT_VERSION);
        }
        int start = MAGIC.length + Integer.BYTES;
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes, start, end - start))) {
            long lastId = in.readLong();
            var all = new ArrayList<Deletion>();
            for (int n = in.readInt(); n > 0; n--) {
                all.add(readDeletion(in));
            }
            return new Deletions(all, lastId);
        } catch (IOException | RuntimeException e) {
            throw new StorageFailure.Corrupt(path, start, "not a list of deletions: " + e.getMessage());
        }
    }

    private static Deletion readDeletion(DataInputStream in) throws IOException {
        long id = in.readLong();
        long from = in.readLong();
        long to = in.readLong();
        long sequence = in.readLong();
        var matchers = new ArrayList<Matcher>();
        for (int n = in.readInt(); n > 0; n--) {
            MatchOp op = MatchOp.of(readText(in));
            String label = readText(in);
            matchers.add(new Matcher(label, op, readText(in)));
        }
        return new Deletion(id, matchers, from, to, sequence);
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("text of " + length + " bytes, with " + in.available() + " left");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static int crc(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}

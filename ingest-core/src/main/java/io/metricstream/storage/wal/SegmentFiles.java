package io.metricstream.storage.wal;

import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The names of segments and the making of new ones. Stateless apart from the folder it speaks of. */
record SegmentFiles(Disk disk, Path folder) {
    private static final String ENDING = ".wal";
    private static final int NUMBER_DIGITS = 8;
    private static final int MOST_DIGITS = 10;
    private static final int PIECE_BYTES = 1 << 20;
    /** A force of a whole segment at once would hold up the disk writer's own; this many bytes do not. */
    private static final int FORCE_EVERY_BYTES = 4 << 20;

    /** One segment on the disk. */
    record Segment(long number, Path path) {}

    Path path(long number) {
        return folder.resolve(String.format(Locale.ROOT, "%0" + NUMBER_DIGITS + "d%s", number, ENDING));
    }

    /** The segments in order; files with names that no segment of ours has are passed over. */
    List<Segment> list() throws StorageFailure {
        var segments = new ArrayList<Segment>();
        for (Path path : disk.list(folder)) {
            OptionalLong number = numberOf(path);
            if (number.isPresent()) {
                segments.add(new Segment(number.getAsLong(), path));
            }
        }
        segments.sort(Comparator.comparingLong(Segment::number));
        return segments;
    }

    /** Opens a segment for reading; null where it has been deleted since it was listed. */
    @Nullable
    DiskFile openIfThere(Segment segment) throws StorageFailure {
        try {
            return disk.openRead(segment.path());
        } catch (StorageFailure.Io e) {
            if (disk.exists(segment.path())) {
                throw e;
            }
            return null;
        }
    }

    /** The size of all segments together. */
    long sizeBytes() throws StorageFailure {
        long total = 0;
        for (Segment segment : list()) {
            try (DiskFile file = openIfThere(segment)) {
                total += file == null ? 0 : file.size();
            }
        }
        return total;
    }

    /** Deletes what a stop left unfinished. */
    void deleteTemporary() throws StorageFailure {
        for (Path path : disk.list(folder)) {
            if (path.getFileName().toString().endsWith(DurableFiles.TEMPORARY)) {
                disk.delete(path);
            }
        }
    }

    /**
     * Makes a segment of a header and zeros, durable with its name. Zeros are written because a force into space that
     * the file already has was measured at 0.11 ms, against 0.27 ms where the file grows (docs/performance.md). A disk
     * without room for it and for what is to stay free is not filled to the last byte first.
     */
    DiskFile create(long number, long logId, WalConfig config) throws StorageFailure {
        Path path = path(number);
        long sizeBytes = config.segmentBytes();
        long usableBytes = disk.usableBytes(folder);
        if (usableBytes - config.reserveBytes() < sizeBytes) {
            throw new StorageFailure.DiskFull(
                    path,
                    "making a segment: wanted=" + sizeBytes + " bytes and a reserve of " + config.reserveBytes()
                            + ", found=" + usableBytes);
        }
        Path temporary = DurableFiles.temporary(path);
        disk.delete(temporary);
        DiskFile file = disk.create(temporary);
        try {
            file.write(ByteBuffer.wrap(WalLayout.segmentHeader(number, logId)), 0);
            fill(file, WalLayout.SEGMENT_HEADER_BYTES, sizeBytes);
            DurableFiles.publish(disk, temporary, path);
            return file;
        } catch (StorageFailure e) {
            close(file, e);
            DurableFiles.discard(disk, temporary, e);
            throw e;
        }
    }

    /** Makes a segment longer, durably; where that fails it stays as it was. */
    void grow(DiskFile file, long sizeBytes) throws StorageFailure {
        long before = file.size();
        try {
            fill(file, before, sizeBytes);
        } catch (StorageFailure e) {
            try {
                file.truncate(before);
            } catch (StorageFailure alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private static void fill(DiskFile file, long from, long to) throws StorageFailure {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.max(0, Math.min(PIECE_BYTES, to - from)));
        long unforced = 0;
        for (long at = from; at < to; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
            int length = zeros.remaining();
            file.write(zeros, at);
            at += length;
            unforced += length;
            if (unforced >= FORCE_EVERY_BYTES) {
                file.force();
                unforced = 0;
            }
        }
        file.force();
    }

    private static void close(DiskFile file, StorageFailure because) {
        try {
            file.close();
        } catch (StorageFailure e) {
            because.addSuppressed(e);
        }
    }

    /** A number is what {@link #path} makes the same name of. */
    private OptionalLong numberOf(Path path) {
        String name = path.getFileName().toString();
        int digits = name.length() - ENDING.length();
        if (!name.endsWith(ENDING) || digits < NUMBER_DIGITS || digits > MOST_DIGITS) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(name.substring(0, digits));
            return number > 0 && path(number).equals(path) ? OptionalLong.of(number) : OptionalLong.empty();
        } catch (NumberFormatException notASegment) {
            return OptionalLong.empty();
        }
    }
}

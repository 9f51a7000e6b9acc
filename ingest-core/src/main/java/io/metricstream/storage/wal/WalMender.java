package io.metricstream.storage.wal;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.Quarantine;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.WalVisitor.SegmentEnd;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends a log that was walked through: afterwards every segment is durable, holds nothing but records, and a second
 * recovery finds nothing to do.
 *
 * <p>Bytes that had been durable are copied into the folder {@code quarantine} before they are overwritten or cut off.
 * Each step may be interrupted by a power cut and is done again by the next recovery. Where a full disk leaves no room
 * for the copy, the bytes stay where they are, and the next recovery finds them again.
 *
 * <p>Thread: start-up. Fails: where files cannot be written for another reason than a full disk.
 */
@OwnedBy(Role.MAIN)
final class WalMender {
    private static final Logger LOG = LoggerFactory.getLogger(WalMender.class);
    private static final int PIECE_BYTES = 1 << 20;

    private final Disk disk;
    private final Quarantine quarantine;
    private final long logId;
    private final Map<Path, SegmentEnd> ends = new HashMap<>();
    /** Where a segment's records end once it is mended, if not where they end now. */
    private final Map<Path, Long> mendedEnds = new HashMap<>();
    /** Segments with damage that had to stay, and so with an end that may not be touched. */
    private final Set<Path> leftAlone = new HashSet<>();

    WalMender(Disk disk, Path dataFolder, long logId) {
        this.disk = disk;
        this.quarantine = new Quarantine(disk, dataFolder);
        this.logId = logId;
    }

    /** Mends all of it; returns the sequence number that the next record gets, this being what followed so far. */
    long mend(List<SegmentEnd> segments, List<WalDamage> damage, long sequence) throws StorageFailure {
        long next = sequence;
        for (SegmentEnd end : segments) {
            ends.put(end.segment().path(), end);
            if (end.unreadable() && !replace(end.segment().path())) {
                // Should the disk give it after all, at another start, its records keep their numbers to themselves.
                next += end.sizeBytes() / WalLayout.ALIGNMENT;
            }
        }
        for (WalDamage hole : damage) {
            LOG.warn("log recovery: {}", hole);
            if (!leftAlone.contains(hole.path())) {
                mendOrLeave(hole);
            }
        }
        List<SegmentEnd> kept = withoutEmpty(segments);
        if (kept.isEmpty()) {
            return next;
        }
        SegmentEnd last = kept.get(kept.size() - 1);
        for (SegmentEnd end : kept) {
            if (end.equals(last) || end.sizeBytes() > mendedEnd(end)) {
                trim(end);
            }
        }
        return last.ended() || leftAlone.contains(last.segment().path()) ? next : markEnd(last, next);
    }

    /** A segment that can be read takes the place of one that cannot, which is kept; false where there is no room for it. */
    private boolean replace(Path path) throws StorageFailure {
        LOG.warn("log recovery: the disk does not give all of {}", path);
        try (DiskFile file = disk.openRead(path)) {
            var from = new SegmentBytes(file, true);
            Path kept = quarantine.keep(path, path.getFileName() + ".unreadable");
            DurableFiles.write(disk, path, to -> copy(from, to));
            LOG.warn("log recovery: what can be read of it takes its place, all of it is kept as {}", kept);
            return true;
        } catch (StorageFailure.DiskFull e) {
            LOG.warn("no room to replace it now, the next start tries again: {}", e.getMessage());
            leftAlone.add(path);
            return false;
        }
    }

    private static void copy(SegmentBytes from, DiskFile to) throws StorageFailure {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        for (long at = 0; at < from.size(); at += piece.limit()) {
            from.readUpTo(piece.clear(), at);
            to.write(piece.flip(), at);
        }
    }

    private void mendOrLeave(WalDamage hole) throws StorageFailure {
        try {
            mend(hole);
        } catch (StorageFailure.DiskFull e) {
            LOG.warn("no room to mend it now, the next start tries again: {}", e.getMessage());
            leftAlone.add(hole.path());
        }
    }

    private void mend(WalDamage hole) throws StorageFailure {
        switch (hole.kind()) {
            case HEADER -> rewriteHeader(hole.path());
            case FOREIGN -> setAside(hole);
            case TORN, MISSING -> fill(hole);
            case DAMAGED -> {
                quarantine(hole);
                fill(hole);
            }
        }
    }

    /** A file that is no segment moves to the quarantine whole; an empty one has nothing to keep. */
    private void setAside(WalDamage foreign) throws StorageFailure {
        if (foreign.lengthBytes() == 0) {
            disk.delete(foreign.path());
            disk.syncFolder(DurableFiles.folderOf(foreign.path()));
        } else {
            quarantine.moveIn(foreign.path(), foreign.path().getFileName() + ".foreign");
        }
    }

    private void quarantine(WalDamage hole) throws StorageFailure {
        quarantine.copyIn(
                hole.path(),
                hole.offsetBytes(),
                hole.lengthBytes(),
                hole.path().getFileName() + "-" + hole.offsetBytes() + ".damaged");
    }

    /** Bytes between two records become gap records; at a segment's end one of them says what was lost there. */
    private void fill(WalDamage hole) throws StorageFailure {
        if (hole.offsetBytes() == endOf(hole.path()).recordsEnd()) {
            if (hole.recordsLost() > 0) {
                writeGap(hole, hole.offsetBytes(), WalLayout.MARK_BYTES, hole.firstSequence());
                mendedEnds.put(hole.path(), hole.offsetBytes() + WalLayout.MARK_BYTES);
            }
            return;
        }
        long following = hole.firstSequence() + hole.recordsLost();
        long holeEnd = hole.offsetBytes() + hole.lengthBytes();
        // The last piece first: until the first one is there, the whole is still a hole with the same number of losses.
        long at = holeEnd;
        while (at > hole.offsetBytes()) {
            long left = at - hole.offsetBytes();
            if (left < WalLayout.MARK_BYTES) {
                return;
            }
            long bytes = left - PIECE_BYTES >= WalLayout.MARK_BYTES ? PIECE_BYTES : left;
            at -= bytes;
            writeGap(hole, at, (int) bytes, at == hole.offsetBytes() ? hole.firstSequence() : following);
        }
    }

    private void writeGap(WalDamage hole, long at, int bytes, long sequence) throws StorageFailure {
        long segment = endOf(hole.path()).segment().number();
        byte[] gap = WalLayout.gap(bytes, segment, sequence, hole.firstSequence() + hole.recordsLost());
        try (DiskFile file = disk.openWrite(hole.path())) {
            file.write(ByteBuffer.wrap(gap), at);
            file.force();
        }
    }

    private void rewriteHeader(Path path) throws StorageFailure {
        byte[] header = WalLayout.segmentHeader(endOf(path).segment().number(), logId);
        try (DiskFile file = disk.openWrite(path)) {
            file.write(ByteBuffer.wrap(header), 0);
            file.force();
        }
    }

    /** Deletes the segments that have no record. */
    private List<SegmentEnd> withoutEmpty(List<SegmentEnd> segments) throws StorageFailure {
        var kept = new ArrayList<SegmentEnd>();
        for (SegmentEnd end : segments) {
            if (end.anyRecord() || mendedEnd(end) > end.recordsEnd()) {
                kept.add(end);
            } else if (!leftAlone.contains(end.segment().path())) {
                disk.delete(end.segment().path());
            }
        }
        return kept;
    }

    /**
     * Cuts what lies behind the last record off, and makes the segment durable: after a kill it may be in the page cache
     * only, and what a recovery has shown must not be lost by a power cut after it.
     */
    private void trim(SegmentEnd end) throws StorageFailure {
        Path path = end.segment().path();
        try (DiskFile file = disk.openWrite(path)) {
            if (!leftAlone.contains(path)) {
                file.truncate(mendedEnd(end));
            }
            file.force();
        }
    }

    /** Everything is durable up to here: damage that is found before this mark later on is no unfinished write. */
    private long markEnd(SegmentEnd last, long sequence) throws StorageFailure {
        try (DiskFile file = disk.openWrite(last.segment().path())) {
            file.write(ByteBuffer.wrap(WalLayout.end(last.segment().number(), sequence)), mendedEnd(last));
            file.force();
            return sequence + 1;
        } catch (StorageFailure.DiskFull e) {
            LOG.warn("no room to mark the log's end, the next start tries again: {}", e.getMessage());
            return sequence;
        }
    }

    private long mendedEnd(SegmentEnd end) {
        return mendedEnds.getOrDefault(end.segment().path(), end.recordsEnd());
    }

    private SegmentEnd endOf(Path path) {
        SegmentEnd end = ends.get(path);
        if (end == null) {
            throw new IllegalStateException("damage in a segment that was not read: path=" + path);
        }
        return end;
    }
}

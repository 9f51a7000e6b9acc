package io.metricstream.storage.wal;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.SegmentFiles.Segment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the log from a position, record by record, and tells damage from unfinished writes.
 *
 * <p>A hole is damage when a later record begins a group, for then everything before that record had been durable; it
 * is the unfinished last group otherwise, of which any part may have reached the disk before the power went.
 *
 * <p>Thread: its creator. Fails: {@link StorageFailure.Unsupported} on a segment of another format version.
 */
@OwnedBy(Role.MAIN)
final class WalWalk {
    private final SegmentFiles files;
    private final WalVisitor visitor;
    private final List<WalDamage> undecided = new ArrayList<>();

    private long segment;
    private long offset;
    private long expected;
    private boolean anySequence;

    WalWalk(Disk disk, java.nio.file.Path folder, WalPosition from, WalVisitor visitor) {
        this.files = new SegmentFiles(disk, folder);
        this.visitor = visitor;
        this.segment = from.segment();
        this.offset = from.offsetBytes();
        this.expected = from.sequence();
        this.anySequence = !from.equals(WalPosition.START);
    }

    /** Walks up to the limit, or to the end of the log where there is none; may be called again to go on. */
    void walkTo(@Nullable WalPosition limit) throws StorageFailure {
        for (Segment next : files.list()) {
            if (next.number() < segment || (limit != null && next.number() > limit.segment())) {
                continue;
            }
            if (next.number() > segment) {
                segment = next.number();
                offset = 0;
            }
            walkSegment(next, limit != null && next.number() == limit.segment() ? limit.offsetBytes() : Long.MAX_VALUE);
        }
        if (limit == null) {
            undecided.forEach(visitor::onDamage);
            undecided.clear();
        }
    }

    WalPosition position() {
        return new WalPosition(segment, offset, expected);
    }

    private void walkSegment(Segment of, long limit) throws StorageFailure {
        try (DiskFile file = files.disk().openRead(of.path())) {
            long size = Math.min(limit, file.size());
            if (offset == 0 && size > 0) {
                checkHeader(of, file);
                offset = WalLayout.SEGMENT_HEADER_BYTES;
            }
            var scanner = new SegmentScanner(file, of.number(), offset, limit);
            boolean anyRecord = false;
            long reported = offset;
            while (true) {
                SegmentScanner.Step step = scanner.next();
                if (step == SegmentScanner.Step.END) {
                    break;
                }
                if (step == SegmentScanner.Step.RECORD) {
                    anyRecord |= onRecord(of, scanner);
                    offset = scanner.position();
                } else {
                    onHole(of, scanner);
                }
                if (scanner.position() - reported >= 1 << 20) {
                    visitor.onProgress(scanner.position() - reported);
                    reported = scanner.position();
                }
            }
            if (limit == Long.MAX_VALUE) {
                onEnd(of, scanner, size, anyRecord);
                visitor.onProgress(Math.max(0, size - reported));
            }
        }
    }

    private void checkHeader(Segment of, DiskFile file) throws StorageFailure {
        byte[] header = new byte[WalLayout.SEGMENT_HEADER_BYTES];
        ByteBuffer into = ByteBuffer.wrap(header);
        while (into.hasRemaining() && file.read(into, into.position()) >= 0) {
            // Until the header is read or the file ends.
        }
        boolean whole = WalLayout.headerIsWhole(header, of.number());
        if (whole && WalLayout.headerVersion(header) != WalLayout.FORMAT_VERSION) {
            throw new StorageFailure.Unsupported(
                    of.path(),
                    "log format version " + WalLayout.headerVersion(header),
                    "version " + WalLayout.FORMAT_VERSION);
        }
        if (!whole) {
            var scanner = new SegmentScanner(file, of.number(), WalLayout.SEGMENT_HEADER_BYTES, Long.MAX_VALUE);
            if (scanner.next() != SegmentScanner.Step.END) {
                visitor.onDamage(new WalDamage(
                        WalDamage.Kind.HEADER, of.path(), 0, WalLayout.SEGMENT_HEADER_BYTES, expected, 0));
            }
        }
    }

    private boolean onRecord(Segment of, SegmentScanner scanner) throws StorageFailure {
        byte[] bytes = scanner.bytes();
        int at = scanner.recordAt();
        long sequence = WalLayout.sequence(bytes, at);
        if (anySequence && sequence < expected) {
            // A copy of records that were read already.
            undecided.add(new WalDamage(
                    WalDamage.Kind.DAMAGED,
                    of.path(),
                    scanner.recordStart(),
                    scanner.position() - scanner.recordStart(),
                    sequence,
                    0));
            return false;
        }
        if (WalLayout.startsGroup(bytes, at)) {
            decide();
        }
        if (anySequence && sequence > expected) {
            visitor.onDamage(new WalDamage(
                    WalDamage.Kind.MISSING, of.path(), scanner.recordStart(), 0, expected, sequence - expected));
        }
        anySequence = true;
        int payloadAt = at + WalLayout.RECORD_HEADER_BYTES;
        if (WalLayout.type(bytes, at) == WalLayout.TYPE_GAP) {
            expected = (long) WalLayout.LONGS.get(bytes, payloadAt);
            return true;
        }
        expected = sequence;
        visitor.onRecord(WalLayout.type(bytes, at), bytes, payloadAt, WalLayout.length(bytes, at));
        expected = sequence + 1;
        return true;
    }

    /** The scanner stands on a record behind a hole: how many are missing shows in its sequence number. */
    private void onHole(Segment of, SegmentScanner scanner) {
        long next = WalLayout.sequence(scanner.bytes(), scanner.recordAt());
        long lost = Math.max(0, next - expected);
        undecided.add(new WalDamage(
                WalDamage.Kind.TORN,
                of.path(),
                scanner.holeStart(),
                scanner.holeEnd() - scanner.holeStart(),
                expected,
                lost));
        expected = Math.max(expected, next);
        anySequence = true;
    }

    private void onEnd(Segment of, SegmentScanner scanner, long size, boolean anyRecord) {
        if (scanner.tailBytes() > 0 && offset > 0) {
            undecided.add(new WalDamage(
                    WalDamage.Kind.TORN, of.path(), scanner.holeStart(), scanner.tailBytes(), expected, 0));
        }
        visitor.onSegmentEnd(of, Math.min(size, offset), size, anyRecord);
    }

    /** A group begins here, so what was undecided had been durable. */
    private void decide() {
        for (WalDamage hole : undecided) {
            visitor.onDamage(new WalDamage(
                    WalDamage.Kind.DAMAGED,
                    hole.path(),
                    hole.offsetBytes(),
                    hole.lengthBytes(),
                    hole.firstSequence(),
                    hole.recordsLost()));
        }
        undecided.clear();
    }
}

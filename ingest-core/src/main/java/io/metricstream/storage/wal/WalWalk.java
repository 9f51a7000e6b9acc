package io.metricstream.storage.wal;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
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
    private static final int PROGRESS_BYTES = 1 << 20;
    /** No header has told the log's id yet; in its place, that a header is broken. */
    private static final long UNKNOWN_ID = 0;
    /** In an id's place: a whole header, but of another log or another segment. */
    private static final long OTHER_ID = -1;

    private final SegmentFiles files;
    private final WalVisitor visitor;
    private final List<WalDamage> undecided = new ArrayList<>();
    /** The last of {@link #undecided} lies behind the last record of its segment. */
    private boolean undecidedTail;

    private long logId = UNKNOWN_ID;
    private long segment;
    private long offset;
    private long expected;
    private boolean anySequence;
    private final boolean wantsFirst;
    private final boolean passesOver;

    /** The last segment in which there was a record. */
    private @Nullable Segment previous;

    private long previousEnd;

    /** One that goes on from a position, and fails where the disk does not give what is there. */
    WalWalk(SegmentFiles files, WalPosition from, WalVisitor visitor) {
        this.files = files;
        this.visitor = visitor;
        this.segment = from.segment();
        this.offset = from.offsetBytes();
        this.expected = from.sequence();
        this.anySequence = !from.equals(WalPosition.START);
        this.wantsFirst = false;
        this.passesOver = false;
    }

    private WalWalk(SegmentFiles files, long firstWanted, WalVisitor visitor) {
        this.files = files;
        this.visitor = visitor;
        this.segment = WalPosition.START.segment();
        this.offset = WalPosition.START.offsetBytes();
        this.wantsFirst = firstWanted >= 0;
        this.expected = wantsFirst ? firstWanted : WalPosition.START.sequence();
        this.passesOver = true;
    }

    /**
     * Walks through all of a log to find what is damaged; what the disk does not give is damage, too, and no failure.
     *
     * @param firstWanted records from this number on that the log does not begin with are missing; -1 where that is not known
     */
    static WalWalk throughAll(SegmentFiles files, long firstWanted, WalVisitor visitor) throws StorageFailure {
        var walk = new WalWalk(files, firstWanted, visitor);
        walk.walkTo(null);
        return walk;
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

    /** The id of the log, or 0 where no header has told it yet. */
    long logId() {
        return logId;
    }

    private void walkSegment(Segment of, long limit) throws StorageFailure {
        try (DiskFile opened = files.openIfThere(of)) {
            if (opened == null) {
                return;
            }
            var file = new SegmentBytes(opened, passesOver);
            long id = logId;
            if (offset == 0) {
                id = readHeader(of, file);
                if (id == OTHER_ID || (id == UNKNOWN_ID && !hasRecords(of, file))) {
                    visitor.onDamage(new WalDamage(WalDamage.Kind.FOREIGN, of.path(), 0, file.size(), expected, 0));
                    return;
                }
                if (id == UNKNOWN_ID) {
                    visitor.onDamage(new WalDamage(
                            WalDamage.Kind.HEADER, of.path(), 0, WalLayout.SEGMENT_HEADER_BYTES, expected, 0));
                }
                offset = WalLayout.SEGMENT_HEADER_BYTES;
            }
            walkRecords(of, id, file, limit);
        }
    }

    private void walkRecords(Segment of, long id, SegmentBytes file, long limit) throws StorageFailure {
        var scanner = new SegmentScanner(file, of.number(), offset, limit);
        boolean anyRecord = false;
        boolean ended = false;
        long reported = offset;
        for (SegmentScanner.Step step = scanner.next(); step != SegmentScanner.Step.END; step = scanner.next()) {
            if (step == SegmentScanner.Step.RECORD) {
                boolean counts = onRecord(of, scanner, anyRecord);
                ended = counts && WalLayout.type(scanner.bytes(), scanner.recordAt()) == WalLayout.TYPE_END;
                anyRecord |= counts;
                offset = scanner.position();
            } else {
                onHole(of, scanner, tornOr(file));
            }
            if (scanner.position() - reported >= PROGRESS_BYTES) {
                visitor.onProgress(scanner.position() - reported);
                reported = scanner.position();
            }
        }
        if (limit == Long.MAX_VALUE) {
            long size = file.size();
            onEnd(of, scanner, anyRecord, tornOr(file));
            visitor.onSegmentEnd(
                    new WalVisitor.SegmentEnd(of, id, offset, size, anyRecord, ended, file.unreadable() > 0));
            visitor.onProgress(Math.max(0, size - reported));
        }
    }

    /** The log id in the header of a segment of this log, {@link #UNKNOWN_ID} or {@link #OTHER_ID}. */
    private long readHeader(Segment of, SegmentBytes file) throws StorageFailure {
        byte[] header = new byte[WalLayout.SEGMENT_HEADER_BYTES];
        ByteBuffer into = ByteBuffer.wrap(header);
        file.readUpTo(into, 0);
        if (!WalLayout.headerIsWhole(header)) {
            return UNKNOWN_ID;
        }
        if (WalLayout.headerVersion(header) != WalLayout.FORMAT_VERSION) {
            throw new StorageFailure.Unsupported(
                    of.path(),
                    "log format version " + WalLayout.headerVersion(header),
                    "version " + WalLayout.FORMAT_VERSION);
        }
        long id = WalLayout.headerLogId(header);
        if (WalLayout.headerSegment(header) != of.number() || (logId != UNKNOWN_ID && id != logId)) {
            return OTHER_ID;
        }
        logId = id;
        return id;
    }

    /** What cannot be read may have been durable, wherever it is. */
    private static WalDamage.Kind tornOr(SegmentBytes file) {
        return file.unreadable() > 0 ? WalDamage.Kind.DAMAGED : WalDamage.Kind.TORN;
    }

    private static boolean hasRecords(Segment of, SegmentBytes file) throws StorageFailure {
        var scanner = new SegmentScanner(file, of.number(), WalLayout.SEGMENT_HEADER_BYTES, Long.MAX_VALUE);
        return scanner.next() != SegmentScanner.Step.END;
    }

    /** False where it is a copy of a record that was read already. */
    private boolean onRecord(Segment of, SegmentScanner scanner, boolean anyBefore) throws StorageFailure {
        byte[] bytes = scanner.bytes();
        int at = scanner.recordAt();
        long sequence = WalLayout.sequence(bytes, at);
        if (anySequence && sequence < expected) {
            long length = scanner.position() - scanner.recordStart();
            addUndecided(new WalDamage(WalDamage.Kind.DAMAGED, of.path(), scanner.recordStart(), length, expected, 0));
            return false;
        }
        if ((anySequence || wantsFirst) && sequence > expected) {
            onMissing(of, scanner, anyBefore, sequence - expected);
        }
        undecidedTail = false;
        anySequence = true;
        expected = sequence + 1;
        if (WalLayout.startsGroup(bytes, at)) {
            decide();
        }
        switch (WalLayout.type(bytes, at)) {
            case WalLayout.TYPE_GAP -> {
                expected = Math.max(sequence, (long) WalLayout.LONGS.get(bytes, at + WalLayout.RECORD_HEADER_BYTES));
                visitor.onGap();
            }
            case WalLayout.TYPE_END -> {
                // Nothing but its mark, which has decided what lies before it.
            }
            default -> {
                // Until it returns, the position is where this record begins.
                expected = sequence;
                visitor.onRecord(bytes, at, position());
                expected = sequence + 1;
            }
        }
        return true;
    }

    /** Sequence numbers are missing: they were in the damaged end of an earlier segment, or nothing is left of them. */
    private void onMissing(Segment of, SegmentScanner scanner, boolean anyBefore, long lost) {
        Segment before = previous;
        if (undecidedTail) {
            int last = undecided.size() - 1;
            undecided.set(last, undecided.get(last).losing(lost));
        } else if (!anyBefore && before != null) {
            addUndecided(new WalDamage(WalDamage.Kind.MISSING, before.path(), previousEnd, 0, expected, lost));
        } else {
            addUndecided(new WalDamage(WalDamage.Kind.MISSING, of.path(), scanner.recordStart(), 0, expected, lost));
        }
    }

    /** The scanner stands on a record behind a hole: how many are missing shows in its sequence number. */
    private void onHole(Segment of, SegmentScanner scanner, WalDamage.Kind kind) {
        long next = WalLayout.sequence(scanner.bytes(), scanner.recordAt());
        // At the beginning of a log whose oldest segments are gone, nobody knows more than that there was something.
        long lost = anySequence || of.number() == 1 ? Math.max(0, next - expected) : 1;
        long first = anySequence ? expected : next - lost;
        addUndecided(new WalDamage(
                kind, of.path(), scanner.holeStart(), scanner.holeEnd() - scanner.holeStart(), first, lost));
        expected = Math.max(expected, next);
        anySequence = true;
    }

    private void onEnd(Segment of, SegmentScanner scanner, boolean anyRecord, WalDamage.Kind kind) {
        if (anyRecord) {
            previous = of;
            previousEnd = offset;
        }
        if (scanner.tailBytes() > 0) {
            addUndecided(new WalDamage(kind, of.path(), scanner.holeStart(), scanner.tailBytes(), expected, 0));
            undecidedTail = true;
        }
    }

    private void addUndecided(WalDamage damage) {
        undecided.add(damage);
        undecidedTail = false;
    }

    /** A group begins here, so what was undecided had been durable. */
    private void decide() {
        for (WalDamage hole : undecided) {
            visitor.onDamage(hole.kind() == WalDamage.Kind.TORN ? hole.as(WalDamage.Kind.DAMAGED) : hole);
        }
        undecided.clear();
    }
}

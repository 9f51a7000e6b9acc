package io.metricstream.storage.wal;

import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.SegmentFiles.Segment;
import java.nio.file.Path;
import java.util.List;

/** Where a log ends, and how much of it there is; for readers beside the process that appends. Stateless. */
public final class LogExtent {
    private LogExtent() {}

    /**
     * The end of the last whole record, forced, so that whoever reads up to it reads nothing that a power cut could take
     * back. The log may be appended to meanwhile.
     */
    public static WalPosition durableEnd(Disk disk, Path dataFolder) throws StorageFailure {
        List<Segment> segments = new SegmentFiles(disk, WalReader.folder(dataFolder)).list();
        for (int i = segments.size() - 1; i >= 0; i--) {
            Segment segment = segments.get(i);
            try (DiskFile file = disk.openRead(segment.path())) {
                WalPosition end = endOf(segment, file);
                if (!end.equals(WalPosition.START)) {
                    // Earlier segments were forced when they were left.
                    file.force();
                    return end;
                }
            }
        }
        return WalPosition.START;
    }

    /** The bytes of the log between two positions, unused ends of segments included. */
    public static long bytesBetween(Disk disk, Path dataFolder, WalPosition from, WalPosition to)
            throws StorageFailure {
        if (from.segment() >= to.segment()) {
            return from.segment() > to.segment() ? 0 : Math.max(0, to.offsetBytes() - from.offsetBytes());
        }
        long bytes = to.offsetBytes();
        for (Segment segment : new SegmentFiles(disk, WalReader.folder(dataFolder)).list()) {
            if (segment.number() >= from.segment() && segment.number() < to.segment()) {
                try (DiskFile file = disk.openRead(segment.path())) {
                    bytes += file.size() - (segment.number() == from.segment() ? from.offsetBytes() : 0);
                }
            }
        }
        return Math.max(0, bytes);
    }

    /** {@link WalPosition#START} where the segment has no record. */
    private static WalPosition endOf(Segment segment, DiskFile file) throws StorageFailure {
        var bytes = new SegmentBytes(file, false);
        var scanner = new SegmentScanner(bytes, segment.number(), WalLayout.SEGMENT_HEADER_BYTES, Long.MAX_VALUE);
        WalPosition end = WalPosition.START;
        for (var step = scanner.next(); step != SegmentScanner.Step.END; step = scanner.next()) {
            if (step == SegmentScanner.Step.RECORD) {
                long sequence = WalLayout.sequence(scanner.bytes(), scanner.recordAt());
                end = new WalPosition(segment.number(), scanner.position(), sequence + 1);
            }
        }
        return end;
    }
}

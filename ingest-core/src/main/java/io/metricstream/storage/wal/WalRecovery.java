package io.metricstream.storage.wal;

import io.metricstream.model.EpochClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.SegmentFiles.Segment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a log: reads all of it, mends what can be mended, sets aside what cannot, and hands out a log that goes on in a
 * new segment.
 *
 * <p>What is mended is marked in the log itself, so that a second recovery finds nothing to do: an unfinished end is cut
 * off, and bytes that are no record are overwritten with a gap record, after a copy of those that had been durable was
 * put into the folder {@code quarantine}. Damage never keeps the server from starting.
 *
 * <p>Thread: start-up. Fails: on a format version that this program does not know, and where files cannot be read.
 */
@OwnedBy(Role.MAIN)
public final class WalRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(WalRecovery.class);

    private final Disk disk;
    private final Path dataFolder;
    private final SegmentFiles files;
    private final List<WalDamage> damage = new ArrayList<>();
    private final List<SegmentEnd> ends = new ArrayList<>();

    private record SegmentEnd(Segment segment, long recordsEnd, long sizeBytes, boolean anyRecord) {}

    /** Receives how far the log has been read. */
    @FunctionalInterface
    public interface Progress {
        void onProgress(long bytesDone, long bytesTotal);
    }

    public WalRecovery(Disk disk, Path dataFolder) {
        this.disk = disk;
        this.dataFolder = dataFolder;
        this.files = new SegmentFiles(disk, WalReader.folder(dataFolder));
    }

    /** A log and what was found on the way to it. */
    public record Recovered(Wal log, RecoveryReport report) {}

    public Recovered open(
            WalConfig config, WalReplay replay, Progress progress, ExecutorService preallocator, EpochClock clock)
            throws StorageFailure {
        createFolder();
        files.deleteTemporary();
        long total = totalBytes();
        long[] done = new long[1];
        var records = new WalReader.Records(replay, bytes -> {
            done[0] += bytes;
            progress.onProgress(done[0], total);
        });
        var walk = new WalWalk(disk, files.folder(), WalPosition.START, new Collector(records));
        walk.walkTo(null);
        mend();
        long nextSegment =
                ends.isEmpty() ? 1 : ends.get(ends.size() - 1).segment().number() + 1;
        var log = new Wal(files, config, nextSegment, walk.position().sequence(), preallocator, clock);
        var report = new RecoveryReport(
                ends.size(),
                records.recordCount,
                records.seriesCount,
                records.sampleCount,
                records.orphanSamples,
                records.undecodable,
                records.maxRef + 1,
                damage);
        return new Recovered(log, report);
    }

    private void createFolder() throws StorageFailure {
        if (!disk.exists(files.folder())) {
            disk.createFolders(files.folder());
            disk.syncFolder(dataFolder);
        }
    }

    private long totalBytes() throws StorageFailure {
        long total = 0;
        for (Segment segment : files.list()) {
            try (DiskFile file = disk.openRead(segment.path())) {
                total += file.size();
            }
        }
        return total;
    }

    private void mend() throws StorageFailure {
        for (WalDamage hole : damage) {
            LOG.warn("log recovery: {}", hole);
            switch (hole.kind()) {
                case DAMAGED -> {
                    quarantine(hole);
                    fillHole(hole);
                }
                case TORN -> fillHole(hole);
                case HEADER -> rewriteHeader(hole);
                case MISSING -> {
                    // Nothing is left to set aside.
                }
            }
        }
        for (SegmentEnd end : ends) {
            trim(end);
        }
    }

    /** Cuts what lies behind the last record off; a segment without records goes altogether. */
    private void trim(SegmentEnd end) throws StorageFailure {
        if (!end.anyRecord()) {
            disk.delete(end.segment().path());
        } else if (end.sizeBytes() > end.recordsEnd()) {
            try (DiskFile file = disk.openWrite(end.segment().path())) {
                file.truncate(end.recordsEnd());
                file.force();
            }
        }
    }

    private void quarantine(WalDamage hole) throws StorageFailure {
        Path folder = dataFolder.resolve("quarantine");
        disk.createFolders(folder);
        byte[] bytes = new byte[(int) hole.lengthBytes()];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        try (DiskFile file = disk.openRead(hole.path())) {
            while (into.hasRemaining() && file.read(into, hole.offsetBytes() + into.position()) >= 0) {
                // Until all of it is read.
            }
        }
        Path copy = folder.resolve(hole.path().getFileName() + "-" + hole.offsetBytes() + ".damaged");
        DurableFiles.write(disk, copy, into.flip());
    }

    /** Bytes between two records become a gap record; at a segment's end they are cut off with {@link #trim}. */
    private void fillHole(WalDamage hole) throws StorageFailure {
        boolean atEnd = ends.stream()
                .anyMatch(end -> end.segment().path().equals(hole.path()) && hole.offsetBytes() >= end.recordsEnd());
        int payload = (int) hole.lengthBytes() - WalLayout.RECORD_HEADER_BYTES;
        if (atEnd || payload < Long.BYTES) {
            return;
        }
        byte[] gap = new byte[(int) hole.lengthBytes()];
        WalLayout.LONGS.set(gap, WalLayout.RECORD_HEADER_BYTES, hole.firstSequence() + hole.recordsLost());
        long segment = segmentOf(hole.path());
        WalLayout.seal(gap, 0, payload, hole.firstSequence(), segment, WalLayout.TYPE_GAP, new CRC32C());
        try (DiskFile file = disk.openWrite(hole.path())) {
            file.write(ByteBuffer.wrap(gap), hole.offsetBytes());
            file.force();
        }
    }

    private void rewriteHeader(WalDamage broken) throws StorageFailure {
        byte[] header = new byte[WalLayout.SEGMENT_HEADER_BYTES];
        WalLayout.putSegmentHeader(header, segmentOf(broken.path()), broken.firstSequence(), 0);
        try (DiskFile file = disk.openWrite(broken.path())) {
            file.write(ByteBuffer.wrap(header), 0);
            file.force();
        }
    }

    private long segmentOf(Path path) {
        return ends.stream()
                .filter(end -> end.segment().path().equals(path))
                .findFirst()
                .orElseThrow()
                .segment()
                .number();
    }

    private final class Collector implements WalVisitor {
        private final WalReader.Records records;

        Collector(WalReader.Records records) {
            this.records = records;
        }

        @Override
        public void onRecord(byte type, byte[] bytes, int payloadAt, int payloadLength) throws StorageFailure {
            records.onRecord(type, bytes, payloadAt, payloadLength);
        }

        @Override
        public void onDamage(WalDamage found) {
            damage.add(found);
        }

        @Override
        public void onSegmentEnd(Segment segment, long recordsEnd, long sizeBytes, boolean anyRecord) {
            ends.add(new SegmentEnd(segment, recordsEnd, sizeBytes, anyRecord));
        }

        @Override
        public void onProgress(long bytes) {
            records.onProgress(bytes);
        }
    }
}

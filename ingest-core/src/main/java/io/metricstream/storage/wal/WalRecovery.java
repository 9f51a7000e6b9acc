package io.metricstream.storage.wal;

import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;

/**
 * Opens a log: reads all of it, mends what can be mended, sets aside what cannot, and hands out a log that goes on in a
 * new segment.
 *
 * <p>What is mended is marked in the log itself, so that a second recovery finds nothing to do: an unfinished end is cut
 * off, and bytes that are no record are overwritten with a gap record, after a copy of those that had been durable was
 * put into the folder {@code quarantine}. Damage never keeps the server from starting, nor does a full disk or one that does not give
 * some of the bytes.
 *
 * <p>Thread: start-up. Fails: on a format version that this program does not know, before anything is changed, and where
 * the folder cannot be read.
 */
@OwnedBy(Role.MAIN)
public final class WalRecovery {
    private final Disk disk;
    private final Path dataFolder;
    private final SegmentFiles files;
    private final LogRetention retention;

    /** Receives how far the log has been read. */
    @FunctionalInterface
    public interface Progress {
        /** Both are the same once all is read. */
        void onProgress(long bytesDone, long bytesTotal);
    }

    /** @param retention is told where the log's epochs begin, those of before and the next ones */
    public WalRecovery(Disk disk, Path dataFolder, LogRetention retention) {
        this.disk = disk;
        this.dataFolder = dataFolder;
        this.files = new SegmentFiles(disk, WalReader.folder(dataFolder));
        this.retention = retention;
    }

    /** A log and what was found on the way to it. */
    public record Recovered(Wal log, RecoveryReport report) {}

    /**
     * Reads the log and opens it for writing.
     *
     * @param preallocator becomes the log's, which ends it when it is closed; ended here where this fails
     */
    public Recovered open(
            WalConfig config, WalReplay replay, Progress progress, ExecutorService preallocator, NanoClock clock)
            throws StorageFailure {
        try {
            return read(config, replay, progress, preallocator, clock);
        } catch (StorageFailure | RuntimeException e) {
            preallocator.shutdown();
            throw e;
        }
    }

    private Recovered read(
            WalConfig config, WalReplay replay, Progress progress, ExecutorService preallocator, NanoClock clock)
            throws StorageFailure {
        disk.createFolders(files.folder());
        // Also where it was there: the process that made it may have been killed before it came to this.
        disk.syncFolder(dataFolder);
        files.deleteTemporary();
        long total = files.sizeBytes();
        long[] done = new long[1];
        var survey = new WalSurvey(new WalReader.Records(replay, retention.firstWanted(), bytes -> {
            done[0] += bytes;
            progress.onProgress(done[0], total);
        }));
        WalWalk walk = WalWalk.throughAll(files, retention.firstWanted(), survey);
        long logId = idOf(walk);
        long sequence = new WalMender(disk, dataFolder, logId)
                .mend(survey.ends(), survey.damage(), walk.position().sequence());
        survey.epochs().forEach(retention::onEpoch);
        var start = new LogStart(
                logId,
                nextSegment(survey.ends(), retention.checkpoint().segment()),
                Math.max(sequence, retention.firstUnused()),
                survey.epochs().isEmpty() ? 0 : LoggedRefs.epochAfter(survey.lastEpoch()));
        var log = new Wal(files, config, start, retention, preallocator, clock);
        progress.onProgress(total, total);
        return new Recovered(log, survey.report());
    }

    /** The id of the log that was walked through; a new one where nothing is left that tells it. */
    static long idOf(WalWalk walk) {
        return walk.logId() > 0 ? walk.logId() : new SplittableRandom().nextLong(1, Long.MAX_VALUE);
    }

    /** The number after the last segment of this log; a file of something else that is still there keeps its name. */
    private long nextSegment(List<WalVisitor.SegmentEnd> ends, long checkpointed) {
        long last = ends.isEmpty() ? 0 : ends.get(ends.size() - 1).segment().number();
        long next = Math.max(last, checkpointed) + 1;
        while (disk.exists(files.path(next))) {
            next++;
        }
        return next;
    }
}

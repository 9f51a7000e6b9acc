package io.metricstream.storage.wal;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one segment prepared ahead of the writer.
 *
 * <p>Thread: the disk writer; the preparing itself runs on the given executor. Fails: {@link #take} with what made the
 * preparation fail, after which the next call begins a new one.
 */
@OwnedBy(Role.DISK_WRITER)
final class SegmentSupply {
    private final SegmentFiles files;
    private final long segmentBytes;
    private final ExecutorService preallocator;
    private long number;
    private @Nullable Future<DiskFile> next;

    SegmentSupply(SegmentFiles files, long segmentBytes, ExecutorService preallocator) {
        this.files = files;
        this.segmentBytes = segmentBytes;
        this.preallocator = preallocator;
    }

    /** Begins to prepare the segment of this number. */
    void prepare(long segmentNumber) {
        next = begin(segmentNumber);
    }

    /** Hands out the prepared segment, waiting for it where it is not ready yet. */
    DiskFile take(long segmentNumber) throws StorageFailure {
        Future<DiskFile> ready = next == null || number != segmentNumber ? begin(segmentNumber) : next;
        next = null;
        return await(ready);
    }

    /** True when the next segment is there, after trying again where an earlier attempt failed. */
    boolean tryPrepare(long segmentNumber) throws StorageFailure {
        Future<DiskFile> begun = next == null || number != segmentNumber ? begin(segmentNumber) : next;
        next = begun;
        try {
            await(begun);
            return true;
        } catch (StorageFailure.DiskFull stillFull) {
            next = null;
            return false;
        }
    }

    /** Deletes the segment that was prepared and never used. */
    void close() throws StorageFailure {
        Future<DiskFile> unused = next;
        next = null;
        if (unused != null) {
            try {
                await(unused).close();
            } catch (StorageFailure.DiskFull wasNeverMade) {
                return;
            }
            files.disk().delete(files.path(number));
        }
    }

    private Future<DiskFile> begin(long segmentNumber) {
        number = segmentNumber;
        return preallocator.submit(() -> files.create(segmentNumber, segmentBytes));
    }

    private static DiskFile await(Future<DiskFile> future) throws StorageFailure {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof StorageFailure failure) {
                        throw failure;
                    }
                    throw new IllegalStateException("preparing a segment failed", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

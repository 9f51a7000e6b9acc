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
 * <p>Thread: the disk writer; the preparing itself runs on the given executor. Fails: {@link #take} with what makes the
 * preparation fail now. That it failed when it was begun, which may be long ago, is tried once more.
 */
@OwnedBy(Role.DISK_WRITER)
final class SegmentSupply {
    private final SegmentFiles files;
    private final long logId;
    private final WalConfig config;
    private final ExecutorService preallocator;
    private long number;
    private @Nullable Future<DiskFile> next;

    SegmentSupply(SegmentFiles files, long logId, WalConfig config, ExecutorService preallocator) {
        this.files = files;
        this.logId = logId;
        this.config = config;
        this.preallocator = preallocator;
    }

    /** Begins to prepare the segment of this number. */
    void prepare(long segmentNumber) {
        next = begin(segmentNumber);
    }

    /** Hands out the segment of this number with this size at least, waiting for it where it is not ready yet. */
    DiskFile take(long segmentNumber, long atLeastBytes) throws StorageFailure {
        DiskFile file = await(prepared(segmentNumber));
        if (atLeastBytes > config.segmentBytes()) {
            files.grow(file, atLeastBytes);
        }
        next = null;
        return file;
    }

    /** Waits until the segment of this number is there, after trying again where an earlier attempt failed. */
    void awaitPrepared(long segmentNumber) throws StorageFailure {
        await(prepared(segmentNumber));
    }

    /** Deletes the segment that was prepared and never used. */
    void close() throws StorageFailure {
        Future<DiskFile> unused = next;
        next = null;
        if (unused != null && !failed(unused)) {
            await(unused).close();
            files.disk().delete(files.path(number));
        }
    }

    private Future<DiskFile> prepared(long segmentNumber) {
        Future<DiskFile> begun = next;
        if (begun == null || number != segmentNumber || failed(begun)) {
            begun = begin(segmentNumber);
            next = begun;
        }
        return begun;
    }

    private static boolean failed(Future<DiskFile> begun) {
        try {
            await(begun);
            return false;
        } catch (StorageFailure failure) {
            return true;
        }
    }

    private Future<DiskFile> begin(long segmentNumber) {
        number = segmentNumber;
        return preallocator.submit(() -> files.create(segmentNumber, logId, config));
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

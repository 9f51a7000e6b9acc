package io.metricstream.storage.wal;

import io.metricstream.model.EpochClock;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.ThreadOwner;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.zip.CRC32C;

/**
 * Appends records to the newest segment.
 *
 * <p>Thread: DISK_WRITER; start-up opens it and hands it over with {@link #releaseOwner}. Owns: the open segment and the
 * buffer of the group that is not written yet.
 *
 * <p>Order: append any number of records, then {@link #commit}; when it returns they are as durable as configured. A
 * record never spans segments, so a full segment is forced and left, and the group goes on in the next.
 *
 * <p>Limits: a record is at most half a segment. Fails: {@link StorageFailure.DiskFull} where no next segment can be
 * made: nothing of the group is acknowledged, {@link #rollback} forgets it, and {@link #tryMakeRoom} says when to go on.
 * Any other failure leaves the log closed for good, for after a failed force nothing is known of what reached the disk.
 */
@OwnedBy(Role.DISK_WRITER)
public final class Wal implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final long MEMORY_FLUSH_MILLIS = 1000;

    private final ThreadOwner owner = new ThreadOwner();
    private final CRC32C crc = new CRC32C();
    private final Durability durability;
    private final long segmentBytes;
    private final SegmentSupply supply;
    private final ExecutorService preallocator;
    private final EpochClock clock;

    private DiskFile file;
    private long segment;
    private long sequence;

    private byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    /** Where in the file the buffer's first byte belongs. */
    private long bufferAt;

    private long committedAt;
    private long committedSequence;
    private boolean unforced;
    private boolean groupStarts = true;
    private boolean poisoned;
    private boolean wantsRoom;
    private long lastFlushMillis;

    Wal(
            SegmentFiles files,
            WalConfig config,
            long segment,
            long sequence,
            ExecutorService preallocator,
            EpochClock clock)
            throws StorageFailure {
        this.durability = config.durability();
        this.segmentBytes = config.segmentBytes();
        this.supply = new SegmentSupply(files, segmentBytes, preallocator);
        this.preallocator = preallocator;
        this.clock = clock;
        this.sequence = sequence;
        this.segment = segment;
        this.file = supply.take(segment);
        startSegment();
    }

    /** Logs that a series has this ref. */
    public void appendSeries(int ref, @Borrowed byte[] key, int offset, int length) throws StorageFailure {
        begin(Integer.BYTES + (long) length);
        int payload = buffered + WalLayout.RECORD_HEADER_BYTES;
        WalLayout.INTS.set(buffer, payload, ref);
        System.arraycopy(key, offset, buffer, payload + Integer.BYTES, length);
        seal(Integer.BYTES + length, WalLayout.TYPE_SERIES);
    }

    /** Logs one request's samples as one record; those with a ref below 0 are left out. */
    public void appendSamples(
            @Borrowed int[] refs, @Borrowed long[] timestampsMillis, @Borrowed double[] values, int count)
            throws StorageFailure {
        begin(SampleCodec.maxBytes(count));
        int payload = buffered + WalLayout.RECORD_HEADER_BYTES;
        int end = SampleCodec.encode(refs, timestampsMillis, values, count, buffer, payload);
        if (end > payload) {
            seal(end - payload, WalLayout.TYPE_SAMPLES);
        }
    }

    /** Makes all that was appended as durable as configured. */
    public void commit() throws StorageFailure {
        enter();
        if (durability == Durability.MEMORY) {
            flushWhenDue();
        } else {
            flush();
        }
        if (durability == Durability.FSYNC && unforced) {
            guarded(() -> file.force());
            unforced = false;
        }
        markCommitted();
    }

    /** Writes what a commit under {@link Durability#MEMORY} left in the buffer; called when there is nothing else to do. */
    public void idle() throws StorageFailure {
        enter();
        if (durability == Durability.MEMORY) {
            flushWhenDue();
        }
    }

    /** Forgets what was appended since the last commit, as far as it lies in the current segment. */
    public void rollback() throws StorageFailure {
        enter();
        if (committedAt >= bufferAt) {
            buffered = (int) (committedAt - bufferAt);
        } else {
            long from = committedAt;
            long to = bufferAt;
            guarded(() -> zero(from, to));
            bufferAt = committedAt;
            buffered = 0;
        }
        sequence = committedSequence;
        groupStarts = true;
    }

    /** After a full disk: true when the next segment could be prepared. */
    public boolean tryMakeRoom() throws StorageFailure {
        enter();
        if (!wantsRoom) {
            return true;
        }
        wantsRoom = !supply.tryPrepare(segment + 1);
        return !wantsRoom;
    }

    /** Everything before this position is as durable as configured. */
    public WalPosition durablePosition() {
        return new WalPosition(segment, committedAt, committedSequence);
    }

    /** Start-up hands the log over to the disk writer. */
    public void releaseOwner() {
        assert owner.release();
    }

    /** Writes and forces what is left, cuts the unused end of the segment off, and closes. */
    @Override
    public void close() throws StorageFailure {
        if (poisoned) {
            preallocator.shutdown();
            return;
        }
        enter();
        try {
            flush();
            guarded(() -> {
                file.truncate(bufferAt);
                file.force();
                file.close();
                supply.close();
            });
        } finally {
            poisoned = true;
            preallocator.shutdown();
        }
    }

    private void enter() throws StorageFailure {
        assert owner.check();
        if (poisoned) {
            throw new StorageFailure.Io(java.nio.file.Path.of("wal"), "using a log that was closed or has failed");
        }
    }

    /** Makes sure that a record with this payload fits into the segment and the buffer. */
    private void begin(long payloadBytes) throws StorageFailure {
        enter();
        long recordBytes = payloadBytes + WalLayout.RECORD_HEADER_BYTES + WalLayout.ALIGNMENT;
        if (recordBytes > segmentBytes / 2) {
            throw new IllegalArgumentException(
                    "record too large: bytes=" + recordBytes + ", wanted at most " + segmentBytes / 2);
        }
        if (bufferAt + buffered + recordBytes > segmentBytes) {
            nextSegment();
        }
        if (buffered + recordBytes > buffer.length) {
            flush();
            if (recordBytes > buffer.length) {
                buffer = new byte[(int) recordBytes];
            }
        }
    }

    private void seal(int payloadLength, byte type) {
        int kind = groupStarts ? WalLayout.startingGroup(type) : type;
        buffered = WalLayout.seal(buffer, buffered, payloadLength, sequence, segment, kind, crc);
        sequence++;
        groupStarts = false;
    }

    private void flushWhenDue() throws StorageFailure {
        if (clock.millis() - lastFlushMillis >= MEMORY_FLUSH_MILLIS) {
            flush();
        }
    }

    private void flush() throws StorageFailure {
        lastFlushMillis = clock.millis();
        if (buffered > 0) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, buffered);
            long at = bufferAt;
            unforced = true;
            guarded(() -> file.write(bytes, at));
            bufferAt += buffered;
            buffered = 0;
        }
    }

    /** Leaves the full segment, forced, and goes on in the next. What the group has in the old one stays there. */
    private void nextSegment() throws StorageFailure {
        DiskFile next;
        try {
            next = supply.take(segment + 1);
        } catch (StorageFailure.DiskFull e) {
            wantsRoom = true;
            throw e;
        } catch (StorageFailure e) {
            poisoned = true;
            throw e;
        }
        flush();
        guarded(() -> {
            if (durability != Durability.MEMORY) {
                file.force();
            }
            file.close();
        });
        file = next;
        segment++;
        startSegment();
    }

    private void startSegment() throws StorageFailure {
        Arrays.fill(buffer, 0, WalLayout.SEGMENT_HEADER_BYTES, (byte) 0);
        WalLayout.putSegmentHeader(buffer, segment, sequence, clock.millis());
        buffered = WalLayout.SEGMENT_HEADER_BYTES;
        bufferAt = 0;
        markCommitted();
        supply.prepare(segment + 1);
    }

    private void markCommitted() {
        committedAt = bufferAt + buffered;
        committedSequence = sequence;
        groupStarts = true;
    }

    private void zero(long from, long to) throws StorageFailure {
        ByteBuffer zeros = ByteBuffer.allocate(BUFFER_BYTES);
        for (long at = from; at < to; at += zeros.capacity()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
            file.write(zeros, at);
        }
    }

    private void guarded(FileCall call) throws StorageFailure {
        try {
            call.run();
        } catch (StorageFailure e) {
            poisoned = true;
            throw e instanceof StorageFailure.DiskFull
                    ? new StorageFailure.Io(
                            java.nio.file.Path.of("wal"), "writing into preallocated space: " + e.getMessage())
                    : e;
        }
    }

    private interface FileCall {
        void run() throws StorageFailure;
    }
}

package io.metricstream.storage.wal;

import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKeys;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.ThreadOwner;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to the newest segment.
 *
 * <p>Thread: DISK_WRITER; start-up opens it and hands it over with {@link #releaseOwner}. Owns: the open segment and the
 * buffer of the group that is not written yet.
 *
 * <p>Order: append any number of records, then {@link #commit}; when it returns they are as durable as configured. A
 * record never spans segments, so a full segment is forced and left, and the group goes on in the next. A series is logged
 * before the first samples of it in each log epoch (see {@link #startEpoch}).
 *
 * <p>Limits: a segment is as long as configured, or as its one record needs. Fails: where no next segment can be made,
 * with {@link #wantsRoom} true: nothing of the group is acknowledged, {@link #rollback} forgets it, and
 * {@link #tryMakeRoom} says when to go on. Any other failure leaves the log closed for good, for after a failed write or
 * force nothing is known of what reached the disk.
 */
@OwnedBy(Role.DISK_WRITER)
public final class Wal implements AutoCloseable {
    private static final int MAX_BUFFER_BYTES = 1 << 20;
    private static final long MEMORY_FLUSH_NANOS = 1_000_000_000L;

    private final ThreadOwner owner = new ThreadOwner();
    private final CRC32C crc = new CRC32C();
    private final SegmentFiles files;
    private final Durability durability;
    private final long segmentBytes;
    private final long reserveBytes;
    private final int bufferBytes;
    private final SegmentSupply supply;
    private final ExecutorService preallocator;
    private final NanoClock clock;
    private final LogRetention retention;
    private final LoggedRefs logged;

    /** The newest segment; null where there was no room yet to make the first one. */
    private @Nullable DiskFile file;

    private long fileBytes;
    private long segment;
    private long sequence;
    private int epoch;
    /** What was logged since the epoch began. */
    private long epochBytes;

    private byte[] buffer;
    private int buffered;
    /** Where in the file the buffer's first byte belongs. */
    private long bufferAt = WalLayout.SEGMENT_HEADER_BYTES;

    private long committedAt = WalLayout.SEGMENT_HEADER_BYTES;
    private long committedSequence;
    private boolean unforced;
    private boolean groupStarts = true;
    private boolean closed;
    private boolean wantsRoom;
    private long lastFlushNanos;

    /** Begins a segment of this number; where the disk is full, the log is there and {@link #wantsRoom}. */
    Wal(
            SegmentFiles files,
            WalConfig config,
            LogStart start,
            LogRetention retention,
            ExecutorService preallocator,
            NanoClock clock)
            throws StorageFailure {
        this.files = files;
        this.durability = config.durability();
        this.segmentBytes = config.segmentBytes();
        this.reserveBytes = config.reserveBytes();
        this.bufferBytes = (int) Math.min(MAX_BUFFER_BYTES, segmentBytes / 4);
        this.buffer = new byte[bufferBytes];
        this.supply = new SegmentSupply(files, start.logId(), config, preallocator);
        this.preallocator = preallocator;
        this.clock = clock;
        this.lastFlushNanos = clock.nanos();
        this.segment = start.segment();
        this.sequence = start.sequence();
        this.committedSequence = start.sequence();
        this.epoch = start.epoch();
        this.logged = new LoggedRefs(epoch);
        this.retention = retention;
        try {
            nextSegment(0);
        } catch (StorageFailure.DiskFull e) {
            // A full disk is no reason not to start: what is stored can be read, and room may come.
        }
        retention.onEpoch(durablePosition());
    }

    /** Logs that from here on the ref means this series; {@link #appendSamples} does it by itself where it is due. */
    public void appendSeries(int ref, @Borrowed byte[] key, int offset, int length) throws StorageFailure {
        begin(Integer.BYTES + (long) length);
        int payload = buffered + WalLayout.RECORD_HEADER_BYTES;
        WalLayout.INTS.set(buffer, payload, ref);
        System.arraycopy(key, offset, buffer, payload + Integer.BYTES, length);
        seal(Integer.BYTES + length, WalLayout.TYPE_SERIES);
        logged.mark(ref);
    }

    /**
     * Logs one request's samples as one record; those with a ref below 0 are left out. Series that this log epoch has not
     * named yet are logged before it.
     */
    public void appendSamples(
            SeriesKeys series,
            @Borrowed int[] refs,
            @Borrowed long[] timestampsMillis,
            @Borrowed double[] values,
            int count)
            throws StorageFailure {
        int stored = 0;
        for (int i = 0; i < count; i++) {
            int ref = refs[i];
            if (ref >= 0) {
                stored++;
                if (!logged.isLogged(ref)) {
                    appendSeries(ref, series.key(ref));
                }
            }
        }
        if (stored == 0) {
            return;
        }
        begin(SampleCodec.maxBytes(stored));
        int payload = buffered + WalLayout.RECORD_HEADER_BYTES;
        int end = SampleCodec.encode(refs, timestampsMillis, values, count, stored, buffer, payload);
        seal(end - payload, WalLayout.TYPE_SAMPLES);
    }

    private void appendSeries(int ref, byte @Nullable [] key) throws StorageFailure {
        if (key == null) {
            throw new IllegalStateException("samples of a ref without a series: ref=" + ref);
        }
        appendSeries(ref, key, 0, key.length);
    }

    /**
     * Between two groups: begins a log epoch, in which every series is logged again before its next sample, so that what
     * lies before can be read no more and be deleted. Refs may mean other series from here on.
     */
    public void startEpoch() throws StorageFailure {
        enter();
        epoch = LoggedRefs.epochAfter(epoch);
        logged.startEpoch(epoch);
        epochBytes = 0;
        retention.onEpoch(durablePosition());
    }

    /** The bytes logged since the epoch began. */
    public long epochBytes() {
        return epochBytes;
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
            guarded(DiskFile::force);
            unforced = false;
        }
        markCommitted();
        logged.onCommit();
    }

    /** Writes what a commit under {@link Durability#MEMORY} left in the buffer; called when there is nothing else to do. */
    public void idle() throws StorageFailure {
        enter();
        if (durability == Durability.MEMORY) {
            flushWhenDue();
        }
    }

    /**
     * Forgets what was appended since the last commit, as far as it lies in the current segment. What was written of it
     * is durably gone when this returns: its sequence numbers are given out again, and no record may be there twice.
     */
    public void rollback() throws StorageFailure {
        enter();
        if (committedAt >= bufferAt) {
            buffered = (int) (committedAt - bufferAt);
        } else {
            long from = committedAt;
            long to = bufferAt;
            guarded(written -> {
                zero(written, from, to);
                written.force();
            });
            unforced = false;
            bufferAt = committedAt;
            buffered = 0;
        }
        sequence = committedSequence;
        groupStarts = true;
        logged.onRollback();
    }

    /** True after an append failed because no next segment could be made. */
    public boolean wantsRoom() {
        return wantsRoom;
    }

    /** Tries to make the next segment where one is wanted; true when appending can go on. */
    public boolean tryMakeRoom() throws StorageFailure {
        enter();
        if (wantsRoom) {
            try {
                supply.awaitPrepared(nextNumber());
                wantsRoom = false;
            } catch (StorageFailure stillNoRoom) {
                return false;
            }
        }
        return true;
    }

    /** Whether as much is free as the log is to leave free; asks the file system. */
    public boolean keepsReserve() throws StorageFailure {
        return reserveBytes == 0 || files.disk().usableBytes(files.folder()) >= reserveBytes;
    }

    /** Everything before this position is as durable as configured. */
    public WalPosition durablePosition() {
        return new WalPosition(segment, committedAt, committedSequence);
    }

    /** Start-up hands the log over to the disk writer. */
    public void releaseOwner() {
        assert owner.release();
    }

    /**
     * Makes what is left durable, whatever the durability, marks the end, cuts the unused rest of the segment off, and
     * closes. After a failure it only closes.
     */
    @Override
    public void close() throws StorageFailure {
        assert owner.check();
        boolean wasClosed = closed;
        closed = true;
        try {
            if (!wasClosed) {
                flush();
                if (file != null) {
                    guarded(this::end);
                }
            }
        } finally {
            DiskFile last = file;
            file = null;
            if (last != null) {
                last.close();
            }
            supply.close();
            preallocator.shutdown();
        }
    }

    private void end(DiskFile last) throws StorageFailure {
        if (bufferAt > WalLayout.SEGMENT_HEADER_BYTES) {
            last.force();
            byte[] end = WalLayout.end(segment, sequence);
            last.write(ByteBuffer.wrap(end), bufferAt);
            bufferAt += end.length;
        }
        last.truncate(bufferAt);
        last.force();
    }

    private void enter() throws StorageFailure {
        assert owner.check();
        if (closed) {
            throw new StorageFailure.Io(files.folder(), "using a log that was closed or has failed");
        }
    }

    /** Makes sure that a record with this payload fits into the segment, before the end record, and into the buffer. */
    private void begin(long payloadBytes) throws StorageFailure {
        enter();
        if (payloadBytes > WalLayout.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "record too large: bytes=" + payloadBytes + ", wanted at most " + WalLayout.MAX_PAYLOAD_BYTES);
        }
        long recordBytes = payloadBytes + WalLayout.RECORD_HEADER_BYTES + WalLayout.ALIGNMENT;
        if (file == null || bufferAt + buffered + recordBytes + WalLayout.MARK_BYTES > fileBytes) {
            nextSegment(recordBytes);
        }
        if (buffered + recordBytes > buffer.length) {
            flush();
            if (recordBytes > buffer.length) {
                buffer = new byte[(int) recordBytes];
            }
        }
    }

    private void seal(int payloadLength, byte type) {
        int kind = WalLayout.kind(type, groupStarts, epoch);
        int start = buffered;
        buffered = WalLayout.seal(buffer, start, payloadLength, sequence, segment, kind, crc);
        epochBytes += buffered - start;
        sequence++;
        groupStarts = false;
    }

    private void flushWhenDue() throws StorageFailure {
        if (clock.nanos() - lastFlushNanos >= MEMORY_FLUSH_NANOS) {
            flush();
        }
    }

    private void flush() throws StorageFailure {
        lastFlushNanos = clock.nanos();
        if (buffered > 0) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, buffered);
            long at = bufferAt;
            unforced = true;
            guarded(current -> current.write(bytes, at));
            bufferAt += buffered;
            buffered = 0;
            if (buffer.length > bufferBytes) {
                buffer = new byte[bufferBytes];
            }
        }
    }

    private long nextNumber() {
        return file == null ? segment : segment + 1;
    }

    /** Leaves the full segment, forced, and goes on in the next. What the group has in the old one stays there. */
    private void nextSegment(long recordBytes) throws StorageFailure {
        long number = nextNumber();
        long bytes = Math.max(segmentBytes, WalLayout.SEGMENT_HEADER_BYTES + recordBytes + WalLayout.MARK_BYTES);
        DiskFile next;
        try {
            next = supply.take(number, bytes);
        } catch (StorageFailure e) {
            wantsRoom = true;
            throw e;
        }
        DiskFile full = file;
        if (full != null) {
            try {
                flush();
                guarded(DiskFile::force);
            } catch (StorageFailure e) {
                next.close();
                throw e;
            }
            full.close();
        }
        file = next;
        fileBytes = bytes;
        segment = number;
        buffered = 0;
        bufferAt = WalLayout.SEGMENT_HEADER_BYTES;
        markCommitted();
        supply.prepare(segment + 1);
    }

    private void markCommitted() {
        committedAt = bufferAt + buffered;
        committedSequence = sequence;
        groupStarts = true;
    }

    private static void zero(DiskFile file, long from, long to) throws StorageFailure {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(MAX_BUFFER_BYTES, to - from));
        for (long at = from; at < to; at += zeros.capacity()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
            file.write(zeros, at);
        }
    }

    /** Does something with the current segment; where that fails, the log is closed for good. */
    private void guarded(FileCall call) throws StorageFailure {
        DiskFile current = file;
        if (current == null) {
            throw new IllegalStateException("records without a segment: sequence=" + sequence);
        }
        try {
            call.on(current);
        } catch (StorageFailure e) {
            closed = true;
            throw e instanceof StorageFailure.DiskFull
                    ? new StorageFailure.Io(files.path(segment), "writing into preallocated space: " + e.getMessage())
                    : e;
        }
    }

    private interface FileCall {
        void on(DiskFile current) throws StorageFailure;
    }
}

package io.metricstream.ring;

import com.lmax.disruptor.EventHandler;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SampleBatch;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.ThreadOwner;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.SeriesTable;
import io.metricstream.storage.wal.Wal;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what waits in the ring as one group, logs it, makes it durable with one force, and only then hands the
 * requests back.
 *
 * <p>Thread: DISK_WRITER only. Owns: the log and the adding side of the series table.
 *
 * <p>Order: a series record precedes the first samples record that names its ref. A series created in a group that
 * could not be committed keeps its ref and is logged again at the start of the next group.
 *
 * <p>Fails: a failed write or force ends writing for good, and the group is answered {@link WriteOutcome#FAILED}; a
 * full disk answers {@link WriteOutcome#DISK_FULL} and is tried again every second.
 */
@OwnedBy(Role.DISK_WRITER)
final class DiskWriter implements EventHandler<WriteRing.Slot> {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWriter.class);
    /** A group is closed at this weight even if more waits, so that its first request does not wait for the last. */
    private static final long MAX_GROUP_BYTES = 8L << 20;

    private static final long RETRY_ROOM_NANOS = 1_000_000_000L;

    private final ThreadOwner owner = new ThreadOwner();
    private final WriteRing ring;
    private final Wal log;
    private final SeriesTable series;
    private final WriterStatus status;
    private final WriterMeters meters;
    private final GroupPace pace;
    private final NanoClock clock;
    private final Group group = new Group();
    private final RefList unloggedRefs = new RefList();
    private final RefList newRefs = new RefList();
    private int[] resolved = new int[64];
    private WriterState state = WriterState.WRITING;
    private long groupStartNanos;
    private long lastRoomTryNanos;

    DiskWriter(
            WriteRing ring,
            Wal log,
            SeriesTable series,
            WriterStatus status,
            WriterMeters meters,
            GroupPace pace,
            NanoClock clock) {
        this.ring = ring;
        this.log = log;
        this.series = series;
        this.status = status;
        this.meters = meters;
        this.pace = pace;
        this.clock = clock;
    }

    @Override
    public void onStart() {
        assert owner.check();
        status.onState(WriterState.WRITING);
    }

    @Override
    public void onEvent(WriteRing.Slot slot, long sequence, boolean endOfBatch) {
        assert owner.check();
        WriteRequest request = slot.take();
        if (request != null) {
            if (group.isEmpty()) {
                groupStartNanos = clock.nanos();
            }
            group.add(request);
            if (state == WriterState.WRITING) {
                append(request);
            }
        }
        if (!group.isEmpty() && (endOfBatch || group.weightBytes() >= MAX_GROUP_BYTES)) {
            finishGroup();
        }
    }

    /** The ring has been empty for a while: the writer lives, and a full disk may have room again. */
    @Override
    public void onTimeout(long sequence) {
        status.onIdle();
        try {
            if (state == WriterState.WRITING) {
                log.idle();
            } else if (state == WriterState.DISK_FULL && clock.nanos() - lastRoomTryNanos >= RETRY_ROOM_NANOS) {
                lastRoomTryNanos = clock.nanos();
                if (log.tryMakeRoom()) {
                    LOG.info("the disk has room again, writing resumes");
                    enter(WriterState.WRITING);
                }
            }
        } catch (StorageFailure e) {
            fail(e);
        }
    }

    @Override
    public void onShutdown() {
        try {
            log.close();
            if (state != WriterState.FAILED) {
                enter(WriterState.STOPPED);
            }
        } catch (StorageFailure e) {
            fail(e);
        }
    }

    /** A bug in this class: nothing of the group is acknowledged, and nothing more is written. */
    void onBug(Throwable bug) {
        LOG.error("the disk writer failed, writing stops", bug);
        state = WriterState.FAILED;
        status.onFailure(bug.toString());
        group.failAll(WriteOutcome.FAILED);
        handBack();
    }

    private void append(WriteRequest request) {
        try {
            relogSeries();
            SampleBatch batch = request.batch();
            int notStored = batch.newSeriesCount() == 0 ? 0 : resolve(batch);
            if (notStored > 0 && request.allOrNothing()) {
                request.finish(WriteOutcome.REFUSED, notStored);
                return;
            }
            log.appendSamples(batch.refs(), batch.timestampsMillis(), batch.values(), batch.count());
            request.finish(WriteOutcome.STORED, notStored);
        } catch (StorageFailure e) {
            stopWriting(e);
        }
    }

    private void relogSeries() throws StorageFailure {
        if (unloggedRefs.isEmpty()) {
            return;
        }
        for (int i = 0; i < unloggedRefs.size(); i++) {
            int ref = unloggedRefs.get(i);
            byte[] key = series.key(ref);
            if (key == null) {
                throw new IllegalStateException("no key for an unlogged series: ref=" + ref);
            }
            log.appendSeries(ref, key, 0, key.length);
        }
        newRefs.addAll(unloggedRefs);
        unloggedRefs.clear();
    }

    /** Gives every sample its series' ref; returns how many samples got none. */
    private int resolve(SampleBatch batch) throws StorageFailure {
        int count = batch.newSeriesCount();
        if (resolved.length < count) {
            resolved = new int[Math.max(count, resolved.length * 2)];
        }
        byte[] keys = batch.newSeriesKeys();
        for (int i = 0; i < count; i++) {
            int offset = batch.newSeriesOffset(i);
            int length = batch.newSeriesLength(i);
            long hash = batch.newSeriesHash(i);
            int ref = series.find(keys, offset, length, hash);
            if (ref == SeriesTable.UNKNOWN) {
                ref = series.add(keys, offset, length, hash);
                if (ref != SeriesTable.FULL) {
                    newRefs.add(ref);
                    log.appendSeries(ref, keys, offset, length);
                }
            }
            resolved[i] = ref == SeriesTable.FULL ? WriteRequest.NOT_STORED : ref;
        }
        int notStored = 0;
        int[] refs = batch.refs();
        for (int i = 0; i < batch.count(); i++) {
            if (refs[i] < 0) {
                refs[i] = resolved[~refs[i]];
                notStored += refs[i] < 0 ? 1 : 0;
            }
        }
        return notStored;
    }

    private void finishGroup() {
        if (state == WriterState.WRITING) {
            try {
                pace.onGroup(group.requests());
                log.commit();
                newRefs.clear();
                long tookNanos = clock.nanos() - groupStartNanos;
                status.onCommit(log.durablePosition(), group.weightBytes(), tookNanos);
                meters.onCommit(group.requests(), tookNanos);
            } catch (StorageFailure e) {
                stopWriting(e);
            }
        }
        if (state == WriterState.DISK_FULL) {
            group.failAll(WriteOutcome.DISK_FULL);
        } else if (state != WriterState.WRITING) {
            group.failAll(WriteOutcome.FAILED);
        }
        handBack();
    }

    private void handBack() {
        ring.release(group.weightBytes());
        group.handBack();
    }

    private void stopWriting(StorageFailure e) {
        if (!(e instanceof StorageFailure.DiskFull)) {
            fail(e);
            return;
        }
        LOG.warn("the disk is full, writes are refused until it has room: {}", e.getMessage());
        try {
            log.rollback();
        } catch (StorageFailure failed) {
            fail(failed);
            return;
        }
        unloggedRefs.addAll(newRefs);
        newRefs.clear();
        lastRoomTryNanos = clock.nanos();
        enter(WriterState.DISK_FULL);
    }

    private void fail(StorageFailure e) {
        LOG.error("writing stops until a restart: {}", e.getMessage(), e);
        state = WriterState.FAILED;
        status.onFailure(String.valueOf(e.getMessage()));
    }

    private void enter(WriterState next) {
        state = next;
        status.onState(next);
    }

    /** Refs in a growing array. */
    private static final class RefList {
        private int[] refs = new int[64];
        private int size;

        void add(int ref) {
            if (size == refs.length) {
                refs = Arrays.copyOf(refs, size * 2);
            }
            refs[size++] = ref;
        }

        void addAll(RefList other) {
            for (int i = 0; i < other.size; i++) {
                add(other.refs[i]);
            }
        }

        int get(int index) {
            return refs[index];
        }

        int size() {
            return size;
        }

        boolean isEmpty() {
            return size == 0;
        }

        void clear() {
            size = 0;
        }
    }
}

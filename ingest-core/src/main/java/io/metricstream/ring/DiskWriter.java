package io.metricstream.ring;

import com.lmax.disruptor.EventHandler;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SampleBatch;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.ThreadOwner;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.wal.Wal;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what waits in the ring as one group, logs it, makes it durable with one force, puts it into memory where queries
 * see it, and only then hands the requests back.
 *
 * <p>Thread: DISK_WRITER only. Owns: the log, the writing side of the head and, through {@link SeriesResolver}, the adding
 * side of the series table.
 *
 * <p>Fails: a failed write or force ends writing for good, and the group is answered {@link WriteOutcome#FAILED}; where
 * the log cannot go on in a next segment, as on a full disk, it is answered {@link WriteOutcome#DISK_FULL}, and making
 * one is tried again every second; so it is while less is free of the disk than the log is to leave. Meanwhile what is in
 * memory is frozen, so that the log of it can go once it is in parts. Where memory is full of samples that wait to be
 * flushed, it waits for a moment, and then answers {@link WriteOutcome#FLUSH_BEHIND} until there is room.
 */
@OwnedBy(Role.DISK_WRITER)
final class DiskWriter implements EventHandler<WriteRing.Slot> {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWriter.class);
    /** A group is closed at this weight even if more waits, so that its first request does not wait for the last. */
    private static final long MAX_GROUP_BYTES = 8L << 20;

    private static final long RETRY_ROOM_NANOS = 1_000_000_000L;
    private static final long LOOK_AT_DISK_NANOS = 250_000_000L;
    /** A flush that is only a little behind slows writes down; one that is further behind refuses them. */
    private static final int WAIT_FOR_FLUSH_MILLIS = 1000;

    private final ThreadOwner owner = new ThreadOwner();
    private final WriteRing ring;
    private final Wal log;
    private final SeriesResolver series;
    private final HeadWriter memory;
    private final WriterStatus status;
    private final WriterMeters meters;
    private final GroupPace pace;
    private final NanoClock clock;
    private final Group group = new Group();
    private WriterState state;
    private long groupStartNanos;
    private long lastRoomTryNanos;
    private long lastDiskLookNanos;

    DiskWriter(
            WriteRing ring,
            Wal log,
            Head head,
            WriterStatus status,
            WriterMeters meters,
            GroupPace pace,
            NanoClock clock) {
        this.ring = ring;
        this.log = log;
        this.series = new SeriesResolver(head, clock);
        this.memory = new HeadWriter(head, log, series);
        this.status = status;
        this.meters = meters;
        this.pace = pace;
        this.clock = clock;
        this.state = log.wantsRoom() ? WriterState.DISK_FULL : WriterState.WRITING;
    }

    /** Says what state it begins in; before its thread starts, as writes are let through from then on. */
    void begin() {
        status.onState(state);
    }

    @Override
    public void onStart() {
        assert owner.check();
    }

    @Override
    public void onEvent(WriteRing.Slot slot, long sequence, boolean endOfBatch) {
        assert owner.check();
        FreezeRequest freeze = slot.takeFreeze();
        if (freeze != null) {
            freeze(freeze);
        }
        WriteRequest request = slot.take();
        if (request != null) {
            if (group.isEmpty()) {
                groupStartNanos = clock.nanos();
                lookAtDisk();
                awaitRoomInMemory();
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

    /** The ring has been empty for a while: the writer lives, and the log may have room again. */
    @Override
    public void onTimeout(long sequence) {
        status.onIdle();
        lookAtDisk();
        try {
            if (state == WriterState.WRITING) {
                log.idle();
                memory.idle();
            } else {
                resumeWhenDue();
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
        memory.close();
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
            SampleBatch batch = request.batch();
            series.translate(batch);
            int withoutRoom = request.allOrNothing() ? series.markWithoutRoom(request) : 0;
            if (withoutRoom > 0) {
                request.finish(WriteOutcome.REFUSED, withoutRoom);
                return;
            }
            int notStored = series.resolve(request);
            log.appendSamples(series.series(), batch.refs(), batch.timestampsMillis(), batch.values(), batch.count());
            request.finish(WriteOutcome.STORED, notStored);
        } catch (StorageFailure e) {
            stopWriting(e);
        }
    }

    private void finishGroup() {
        if (state == WriterState.WRITING) {
            try {
                pace.onGroup(group.requests());
                log.commit();
                memory.apply(group);
                long tookNanos = clock.nanos() - groupStartNanos;
                status.onCommit(log.durablePosition(), group.weightBytes(), tookNanos);
                meters.onCommit(group.requests(), tookNanos);
            } catch (StorageFailure e) {
                stopWriting(e);
            }
        }
        if (state != WriterState.WRITING) {
            group.failAll(outcomeOf(state));
        }
        handBack();
        resumeWhenDue();
    }

    private static WriteOutcome outcomeOf(WriterState state) {
        return switch (state) {
            case DISK_FULL, DISK_LOW, NO_SEGMENT -> WriteOutcome.DISK_FULL;
            case FLUSH_BEHIND -> WriteOutcome.FLUSH_BEHIND;
            default -> WriteOutcome.FAILED;
        };
    }

    private void freeze(FreezeRequest request) {
        try {
            freezeOrFail(request);
        } catch (RuntimeException | Error bug) {
            request.frozenUpTo().completeExceptionally(bug);
            throw bug;
        }
    }

    private void freezeOrFail(FreezeRequest request) {
        if (!group.isEmpty()) {
            finishGroup();
        }
        if (state == WriterState.FAILED) {
            request.frozenUpTo().complete(OptionalLong.empty());
            return;
        }
        try {
            request.frozenUpTo().complete(memory.freeze());
        } catch (StorageFailure e) {
            fail(e);
            request.frozenUpTo().complete(OptionalLong.empty());
        }
    }

    /** Now and then: the disk may fill without the log. */
    private void lookAtDisk() {
        if (state != WriterState.WRITING || clock.nanos() - lastDiskLookNanos < LOOK_AT_DISK_NANOS) {
            return;
        }
        lastDiskLookNanos = clock.nanos();
        if (!keepsReserve()) {
            LOG.warn("less than disk.reserve is left of the disk, writes are refused until there is more");
            refuseUntilThereIsRoom(WriterState.DISK_LOW);
        }
    }

    private boolean keepsReserve() {
        try {
            return log.keepsReserve();
        } catch (StorageFailure e) {
            // Whether the disk can be written to shows when it is.
            LOG.warn("the disk does not say how much of it is free: {}", e.getMessage());
            return true;
        }
    }

    private void refuseUntilThereIsRoom(WriterState why) {
        lastRoomTryNanos = clock.nanos();
        enter(why);
        makeRoom();
    }

    /** What becomes parts takes less than its log, which can be deleted then. */
    private void makeRoom() {
        try {
            var unused = memory.freeze();
        } catch (StorageFailure e) {
            fail(e);
        }
    }

    private void awaitRoomInMemory() {
        try {
            if (state == WriterState.WRITING && !memory.awaitRoom(WAIT_FOR_FLUSH_MILLIS)) {
                LOG.warn("memory is full of samples that wait to be flushed, writes are refused until they are");
                enter(WriterState.FLUSH_BEHIND);
            }
        } catch (StorageFailure e) {
            fail(e);
        }
    }

    private void handBack() {
        ring.release(group.weightBytes());
        group.handBack();
    }

    private void stopWriting(StorageFailure e) {
        if (!log.wantsRoom()) {
            fail(e);
            return;
        }
        LOG.warn("the log has no room, writes are refused until it has: {}", e.getMessage());
        try {
            log.rollback();
        } catch (StorageFailure failed) {
            fail(failed);
            return;
        }
        refuseUntilThereIsRoom(e instanceof StorageFailure.DiskFull ? WriterState.DISK_FULL : WriterState.NO_SEGMENT);
    }

    private void resumeWhenDue() {
        try {
            if (state == WriterState.FLUSH_BEHIND && memory.awaitRoom(0)) {
                LOG.info("memory has room again, writing resumes");
                enter(WriterState.WRITING);
            } else if (state.endsWithRoom() && clock.nanos() - lastRoomTryNanos >= RETRY_ROOM_NANOS) {
                lastRoomTryNanos = clock.nanos();
                if (log.tryMakeRoom() && keepsReserve()) {
                    LOG.info("the log has room again, writing resumes");
                    enter(WriterState.WRITING);
                } else {
                    makeRoom();
                }
            }
        } catch (StorageFailure e) {
            fail(e);
        }
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
}

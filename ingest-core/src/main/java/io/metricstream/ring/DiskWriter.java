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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what waits in the ring as one group, logs it, makes it durable with one force, and only then hands the
 * requests back.
 *
 * <p>Thread: DISK_WRITER only. Owns: the log and, through {@link SeriesResolver}, the adding side of the series table.
 *
 * <p>Fails: a failed write or force ends writing for good, and the group is answered {@link WriteOutcome#FAILED}; where
 * the log cannot go on in a next segment, as on a full disk, it is answered {@link WriteOutcome#DISK_FULL}, and making
 * one is tried again every second.
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
    private final SeriesResolver series;
    private final WriterStatus status;
    private final WriterMeters meters;
    private final GroupPace pace;
    private final NanoClock clock;
    private final Group group = new Group();
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
        this.series = new SeriesResolver(series, log);
        this.status = status;
        this.meters = meters;
        this.pace = pace;
        this.clock = clock;
    }

    @Override
    public void onStart() {
        assert owner.check();
        enter(log.wantsRoom() ? WriterState.DISK_FULL : WriterState.WRITING);
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

    /** The ring has been empty for a while: the writer lives, and the log may have room again. */
    @Override
    public void onTimeout(long sequence) {
        status.onIdle();
        try {
            if (state == WriterState.WRITING) {
                log.idle();
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
            series.relog();
            SampleBatch batch = request.batch();
            int withoutRoom = request.allOrNothing() ? series.markWithoutRoom(batch) : 0;
            if (withoutRoom > 0) {
                request.finish(WriteOutcome.REFUSED, withoutRoom);
                return;
            }
            int notStored = series.resolve(batch);
            log.appendSamples(batch.refs(), batch.timestampsMillis(), batch.values(), batch.count());
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
                series.onCommit();
                long tookNanos = clock.nanos() - groupStartNanos;
                status.onCommit(log.durablePosition(), group.weightBytes(), tookNanos);
                meters.onCommit(group.requests(), tookNanos);
            } catch (StorageFailure e) {
                stopWriting(e);
            }
        }
        if (state != WriterState.WRITING) {
            group.failAll(state.endsWithRoom() ? WriteOutcome.DISK_FULL : WriteOutcome.FAILED);
        }
        handBack();
        resumeWhenDue();
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
        series.onRollback();
        lastRoomTryNanos = clock.nanos();
        enter(e instanceof StorageFailure.DiskFull ? WriterState.DISK_FULL : WriterState.NO_SEGMENT);
    }

    private void resumeWhenDue() {
        if (!state.endsWithRoom() || clock.nanos() - lastRoomTryNanos < RETRY_ROOM_NANOS) {
            return;
        }
        try {
            if (log.tryMakeRoom()) {
                LOG.info("the log has room again, writing resumes");
                enter(WriterState.WRITING);
            }
            lastRoomTryNanos = clock.nanos();
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

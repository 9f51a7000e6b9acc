package io.metricstream.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.WaitStrategy;
import io.metricstream.own.ThreadSafe;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets the one consumer sleep without a lock: it parks, and a producer that sees it parked wakes it.
 *
 * <p>The Disruptor's blocking strategies take a lock in every publication, which an event loop must not wait for.
 * Order: the consumer sets {@code parked} and then reads the cursor; a producer moves the cursor, which is a
 * compare-and-set, and then reads {@code parked}. A full fence stands between the two steps on either side (the cursor's
 * {@code get} is no volatile read, so the consumer brings its own), so one of the two sees the other, and no wake-up is
 * lost. The time-out lets the consumer do its housekeeping.
 */
@ThreadSafe("volatile hand-shake between the consumer and any producer")
final class ParkingWait implements WaitStrategy {
    private final GroupPace pace;
    private final long timeoutNanos;
    private volatile @Nullable Thread parked;

    ParkingWait(GroupPace pace, long timeoutNanos) {
        this.pace = pace;
        this.timeoutNanos = timeoutNanos;
    }

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier)
            throws AlertException, TimeoutException {
        long available = dependent.get();
        if (available >= sequence) {
            return gather(dependent);
        }
        parked = Thread.currentThread();
        VarHandle.fullFence();
        try {
            available = dependent.get();
            if (available < sequence) {
                barrier.checkAlert();
                LockSupport.parkNanos(this, timeoutNanos);
                barrier.checkAlert();
                available = dependent.get();
            }
        } finally {
            parked = null;
        }
        if (available < sequence) {
            throw TimeoutException.INSTANCE;
        }
        return gather(dependent);
    }

    /** Sleeps where the pace wants it, unheard by producers, and says what has come by then. */
    private long gather(Sequence dependent) {
        long restNanos = pace.restNanos();
        if (restNanos > 0) {
            LockSupport.parkNanos(this, restNanos);
        }
        return dependent.get();
    }

    @Override
    public void signalAllWhenBlocking() {
        Thread waiting = parked;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }
}

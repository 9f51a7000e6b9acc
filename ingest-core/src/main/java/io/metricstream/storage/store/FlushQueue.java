package io.metricstream.storage.store;

import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.Memtable;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frozen memtables on their way to parts, in order, by the thread {@code flusher}. A failure is tried again after a second,
 * and ever more slowly up to eight: nothing is given up, and memory is bounded by who freezes.
 */
@ThreadSafe("a queue, and a monitor for those that wait for a sequence")
final class FlushQueue {
    private static final Logger LOG = LoggerFactory.getLogger(FlushQueue.class);
    private static final long FIRST_RETRY_MILLIS = 1000;
    private static final long LAST_RETRY_MILLIS = 8000;

    private final Flusher flusher;
    private final Head head;
    private final Store.FlushListener listener;
    private final StoreStats stats;
    private final NanoClock clock;
    private final BlockingQueue<Memtable> frozen = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "flusher");
    private volatile Runnable afterFlush = () -> {};
    private volatile boolean stopping;
    private volatile long flushedSequence;
    private volatile long lastSequence = -1;

    FlushQueue(Flusher flusher, Head head, Store.FlushListener listener, StoreStats stats, NanoClock clock) {
        this.flusher = flusher;
        this.head = head;
        this.listener = listener;
        this.stats = stats;
        this.clock = clock;
    }

    /** Begins; {@code afterFlush} runs after each one. */
    void start(long flushedBefore, Runnable afterEach) {
        flushedSequence = flushedBefore;
        afterFlush = afterEach;
        thread.start();
    }

    void add(Memtable memtable) {
        lastSequence = memtable.lastSequence();
        frozen.add(memtable);
    }

    /** The last record of the log up to which everything is in parts. */
    long flushedSequence() {
        return flushedSequence;
    }

    /** Waits until everything up to this record is in parts; false where that takes longer. */
    boolean await(long sequence, Duration timeout) throws InterruptedException {
        long deadlineNanos = clock.nanos() + timeout.toNanos();
        synchronized (this) {
            while (head.flushedUpTo() < sequence) {
                long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - clock.nanos());
                if (leftMillis <= 0) {
                    return false;
                }
                wait(leftMillis);
            }
        }
        return true;
    }

    /** Flushes what waits, at most so long, and ends the thread; what is left is in the log. */
    boolean stop(Duration timeout) throws InterruptedException {
        stopping = true;
        thread.join(Math.max(1, timeout.toMillis()));
        thread.interrupt();
        thread.join();
        return flushedSequence >= lastSequence;
    }

    private void run() {
        try {
            while (true) {
                Memtable next = next();
                if (next == null) {
                    return;
                }
                flush(next);
            }
        } catch (InterruptedException stopped) {
            LOG.warn("flushing was cut short; the log has what is not in parts");
        }
    }

    private @Nullable Memtable next() throws InterruptedException {
        Memtable next = frozen.poll();
        while (next == null && !stopping) {
            next = frozen.poll(100, TimeUnit.MILLISECONDS);
        }
        return next;
    }

    private void flush(Memtable memtable) throws InterruptedException {
        long retryMillis = FIRST_RETRY_MILLIS;
        while (!tryFlush(memtable)) {
            TimeUnit.MILLISECONDS.sleep(retryMillis);
            retryMillis = Math.min(LAST_RETRY_MILLIS, 2 * retryMillis);
        }
    }

    private boolean tryFlush(Memtable memtable) {
        try {
            stats.onFlushed(flusher.flush(memtable));
            long sequence = memtable.lastSequence();
            listener.onFlushed(sequence);
            head.onFlushed(memtable);
            synchronized (this) {
                flushedSequence = sequence;
                notifyAll();
            }
            afterFlush.run();
            return true;
        } catch (StorageFailure e) {
            LOG.warn("flushing failed and is tried again: {}", e.getMessage());
            stats.onFailure();
            return false;
        } catch (RuntimeException bug) {
            LOG.error("flushing failed by a bug and is tried again", bug);
            stats.onFailure();
            return false;
        }
    }
}

package io.metricstream.storage.store;

import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Cancellation;
import io.metricstream.select.CancelledException;
import io.metricstream.storage.StorageFailure;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code compactor}: does what there is to do, then waits for a flush or some seconds. It is never interrupted, for
 * that would close the file it reads, which queries read, too. Owns: its thread.
 */
@ThreadSafe("a semaphore wakes it; all work is on its own thread")
final class Compaction {
    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    private final Compactor compactor;
    private final StoreStats stats;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Cancellation stopping;
    private final Thread thread = new Thread(this::run, "compactor");

    /** @param stopping that of the work of the compactor, which a stop cancels */
    Compaction(Compactor compactor, StoreStats stats, Cancellation stopping) {
        this.compactor = compactor;
        this.stats = stats;
        this.stopping = stopping;
    }

    void start() {
        thread.start();
    }

    /** There may be something to do. */
    void wake() {
        wakeUps.release();
    }

    /** Ends the thread; a merge under way is left unfinished, which costs nothing but its work. */
    void stop() throws InterruptedException {
        stopping.cancel();
        wake();
        thread.join();
    }

    private void run() {
        try {
            while (!stopping.isCancelled()) {
                rest(work() ? Duration.ZERO : AFTER_FAILURE);
            }
        } catch (InterruptedException stopped) {
            LOG.error("bug: the compactor was interrupted");
        }
    }

    /** False after a failure. */
    private boolean work() {
        try {
            boolean more = true;
            while (more && !stopping.isCancelled()) {
                more = compactor.step();
            }
            return true;
        } catch (CancelledException stopped) {
            LOG.info("a merge is left unfinished, for the server stops");
            return true;
        } catch (StorageFailure e) {
            LOG.warn("merging failed and is tried again: {}", e.getMessage());
            stats.onFailure();
            return false;
        } catch (RuntimeException bug) {
            LOG.error("merging failed by a bug; the server goes on without this merge", bug);
            stats.onFailure();
            return false;
        }
    }

    private void rest(Duration atLeast) throws InterruptedException {
        if (atLeast.isZero()) {
            var unused = wakeUps.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            long endMillis = atLeast.toMillis();
            for (long waited = 0; waited < endMillis && !stopping.isCancelled(); waited += 100) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        wakeUps.drainPermits();
    }
}

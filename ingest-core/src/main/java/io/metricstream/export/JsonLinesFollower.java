package io.metricstream.export;

import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.WalPosition;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the log as it becomes durable and writes each stored sample as a line of JSON: the file of {@code jsonl.path}.
 *
 * <p>The file holds every sample of the log once, in the log's order, also after a kill: a start cuts off what was written
 * after the last remembered position and writes it again. The disk writer knows nothing of it; whatever goes wrong with
 * the file is counted, logged and tried again.
 *
 * <p>Thread: one thread starts and stops it. Owns: the thread named {@code jsonl-writer}, and a hold on the part of the
 * log that is not in the file yet.
 */
@ThreadSafe("one volatile flag; the rest belongs to its thread")
public final class JsonLinesFollower {
    private static final Logger LOG = LoggerFactory.getLogger(JsonLinesFollower.class);
    private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final JsonLinesRun.Following following;
    private final long recoveredEnd;
    private final Thread thread;
    private volatile boolean stopping;

    /** Holds the log from now on; made before anything is appended to it. The configuration has a path. */
    public JsonLinesFollower(JsonLinesConfig config, FollowedLog log, MeterRegistry registry, NanoClock clock) {
        this.recoveredEnd = log.durable().get().sequence();
        LogRetention.Hold hold = log.retention().hold(WalPosition.START);
        this.following = new JsonLinesRun.Following(
                config, log, hold, new JsonLinesStatus(log, registry), clock, () -> stopping);
        this.thread = new Thread(this::run, "jsonl-writer");
        // A stop that cannot wait for it loses nothing.
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /**
     * Writes what is durable by now, waiting at most so long; what is left then is written after the next start.
     *
     * @return whether everything is in the file
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        stopping = true;
        LockSupport.unpark(thread);
        thread.join(Math.max(1, timeout.toMillis()));
        boolean complete = !thread.isAlive() && following.status().lagBytes() == 0;
        if (!complete) {
            LOG.warn("the JSON Lines file is behind by {} bytes of the log and goes on after the next start", (long)
                    following.status().lagBytes());
        }
        return complete;
    }

    private void run() {
        long retryNanos = FIRST_RETRY_NANOS;
        long logEnd = recoveredEnd;
        while (true) {
            long startNanos = following.clock().nanos();
            try (JsonLinesRun run = JsonLinesRun.open(following, logEnd)) {
                logEnd = Long.MAX_VALUE;
                run.follow();
                return;
            } catch (StorageFailure e) {
                following.status().onFailure();
                LOG.warn("the JSON Lines file cannot be written and is tried again: {}", e.getMessage());
            }
            if (stopping) {
                return;
            }
            boolean ranForAWhile = following.clock().nanos() - startNanos > LAST_RETRY_NANOS;
            retryNanos = ranForAWhile ? FIRST_RETRY_NANOS : Math.min(LAST_RETRY_NANOS, retryNanos * 2);
            LockSupport.parkNanos(retryNanos);
        }
    }
}

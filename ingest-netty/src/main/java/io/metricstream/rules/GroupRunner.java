package io.metricstream.rules;

import io.metricstream.model.EpochClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.select.CancelledException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a group evaluated once in each interval, at times that its name decides, so that groups spread over the interval and
 * keep their times over restarts. What a late thread makes it miss is counted and left out.
 */
@ThreadSafe("a group's task is scheduled again only when it has run; the rest is volatile")
final class GroupRunner {
    private static final Logger LOG = LoggerFactory.getLogger(GroupRunner.class);

    /** Spreads names that differ little, by the golden ratio. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final RuleGroup group;
    private final ScheduledExecutorService threads;
    private final EpochClock clock;
    private final RuleMeters meters;
    private volatile long nextMillis;
    private volatile boolean stopped;

    GroupRunner(RuleGroup group, ScheduledExecutorService threads, EpochClock clock, RuleMeters meters) {
        this.group = group;
        this.threads = threads;
        this.clock = clock;
        this.meters = meters;
    }

    RuleGroup group() {
        return group;
    }

    void start() {
        // What is asked for meanwhile is to be there, and whoever reloads does not wait for what the group did before.
        threads.execute(group::takeOver);
        nextMillis = nextAfter(clock.millis());
        schedule();
    }

    /** No evaluation begins from here on. */
    void stop() {
        stopped = true;
    }

    /** The first time after another that belongs to a group of this name. */
    static long after(long nowMillis, long intervalMillis, String name) {
        long offset = Math.floorMod((name.hashCode() * SPREAD) >>> 1, intervalMillis);
        return nowMillis - Math.floorMod(nowMillis - offset, intervalMillis) + intervalMillis;
    }

    private long nextAfter(long nowMillis) {
        String name = group.spec().file() + ";" + group.spec().name();
        return after(nowMillis, group.intervalMillis(), name);
    }

    private void schedule() {
        long nowMillis = clock.millis();
        if (nextMillis - nowMillis > group.intervalMillis()) {
            // The clock was set back; to wait until it is where it was could take days.
            nextMillis = nextAfter(nowMillis);
        }
        long delayMillis = Math.max(0, nextMillis - nowMillis);
        try {
            var unused = threads.schedule(this::run, delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            stopped = true;
        }
    }

    private void run() {
        if (stopped) {
            return;
        }
        long interval = group.intervalMillis();
        long missed = Math.max(0, (clock.millis() - nextMillis) / interval);
        meters.onMissed(missed);
        long atMillis = nextMillis + missed * interval;
        try {
            group.evaluate(atMillis);
        } catch (InterruptedException | CancelledException closed) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException | Error bug) {
            // An executor would keep it to itself, and the group would not be evaluated any more.
            LOG.error("bug: the evaluation of a group ended: {}", group.spec().name(), bug);
        }
        nextMillis = atMillis + interval;
        schedule();
    }
}

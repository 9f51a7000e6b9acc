package io.metricstream.load;

import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run: ask what the server counts, connect, send stage by stage, ask again, and compare.
 *
 * <p>Thread: one runs it, any other may {@link #stop} it, which ends what is being sent and goes on with the comparison.
 *
 * <p>Fails: {@link LoadException} where the server cannot be reached at the beginning. A server that is lost later ends the
 * run early, with a report of what was done.
 */
@ThreadSafe("stopping is a latch; everything else belongs to the thread that runs it")
public final class LoadRun {
    private static final long POLL_MILLIS = 100;
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** How long a run that was stopped waits for answers. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final LoadPlan plan;
    private final NanoClock clock;
    private final EpochClock wallClock;
    private final CountDownLatch stopped = new CountDownLatch(1);

    public LoadRun(LoadPlan plan, NanoClock clock, EpochClock wallClock) {
        this.plan = plan;
        this.clock = clock;
        this.wallClock = wallClock;
    }

    /** Runs to the end; once. */
    public LoadReport run(LoadWatcher watcher) throws LoadException, InterruptedException {
        var statistics = new Statistics(plan, clock);
        ServerCounts before = statistics.readFirst();
        var results = new ArrayList<StageResult>();
        var notes = new ArrayList<String>();
        var loops = new LoadLoops(plan, clock, wallClock);
        try {
            int open = loops.open();
            if (open < plan.connections()) {
                notes.add("opened " + open + " of " + plan.connections() + " connections at first");
            }
            String note = runStages(loops, watcher, results);
            if (note != null) {
                notes.add(note);
            }
        } finally {
            loops.close();
        }
        return new LoadReport(plan, results, notes, compare(statistics, before, results));
    }

    /** Sends nothing more; the run ends with a report of what was done so far. */
    public void stop() {
        stopped.countDown();
    }

    /** Returns why the run ended before its last stage was over; null where it did not. */
    private @Nullable String runStages(LoadLoops loops, LoadWatcher watcher, List<StageResult> results)
            throws InterruptedException {
        var staircase = new Staircase();
        for (Stage stage : plan.stages()) {
            String note = null;
            long startNanos = loops.start(stage);
            long openNanos = startNanos;
            long stopNanos = startNanos;
            while (!loops.await(POLL_MILLIS)) {
                long nowNanos = clock.nanos();
                LoadProgress progress = loops.progress();
                watcher.onProgress(stage, nowNanos - startNanos, progress);
                openNanos = progress.openConnections() > 0 ? nowNanos : openNanos;
                if (note == null) {
                    note = reasonToStop(nowNanos - openNanos);
                    if (note != null) {
                        loops.stopSending();
                        stopNanos = nowNanos;
                    }
                } else if (nowNanos - stopNanos > PATIENCE_NANOS) {
                    loops.giveUp();
                }
            }
            Tally tally = loops.result();
            var result = new StageResult(stage, tally.lastNanos() - startNanos, tally);
            results.add(result);
            watcher.onStageDone(result);
            note = note == null ? staircase.onStep(result) : note;
            if (note != null) {
                return note;
            }
        }
        return null;
    }

    private @Nullable String reasonToStop(long withoutConnectionNanos) {
        if (withoutConnectionNanos > LOST_NANOS) {
            return "stopped early: no connection to the server for " + TimeUnit.NANOSECONDS.toSeconds(LOST_NANOS)
                    + " s";
        }
        return stopped.getCount() == 0 ? "stopped early, as asked" : null;
    }

    private Comparison compare(Statistics statistics, ServerCounts before, List<StageResult> results)
            throws InterruptedException {
        var all = new Tally();
        results.forEach(result -> all.add(result.tally()));
        try {
            ServerCounts after = statistics.readSettled();
            return Comparison.of(all.acknowledged(), all.unknown(), plan.identitiesAreKeys(), before, after);
        } catch (LoadException e) {
            return Comparison.impossible(all.acknowledged(), String.valueOf(e.getMessage()));
        }
    }
}

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

    /** A stage that is over, and why the run is to end with it; null where it is not. */
    private record Ended(StageResult result, @Nullable String early) {}

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
        var all = new Tally();
        var results = new ArrayList<StageResult>();
        var notes = new ArrayList<String>();
        var loops = new LoadLoops(plan, clock, wallClock);
        try {
            int open = loops.open();
            if (open < plan.connections()) {
                notes.add("opened " + open + " of " + plan.connections() + " connections at first");
            }
            String early = warmUp(loops, watcher, all);
            if (early == null) {
                early = runStages(loops, watcher, results);
            }
            if (early != null) {
                notes.add(early);
            }
        } finally {
            loops.close();
        }
        results.forEach(result -> all.add(result.tally()));
        return new LoadReport(plan, results, all.examples(), notes, compare(statistics, before, all));
    }

    /** Sends nothing more; the run ends with a report of what was done so far. */
    public void stop() {
        stopped.countDown();
    }

    /** Returns why the run is to end here; null where it is not. */
    private @Nullable String warmUp(LoadLoops loops, LoadWatcher watcher, Tally all) throws InterruptedException {
        if (plan.warmUp().isZero()) {
            return null;
        }
        var stage = new Stage(plan.stages().get(0).requestsPerSecond(), plan.warmUp());
        Ended ended = runStage(loops, stage, watcher);
        all.add(ended.result().tally());
        return ended.early();
    }

    /** Returns why the run ended before its last stage was over; null where it did not. */
    private @Nullable String runStages(LoadLoops loops, LoadWatcher watcher, List<StageResult> results)
            throws InterruptedException {
        var staircase = new Staircase();
        String early = null;
        for (int i = 0; i < plan.stages().size() && early == null; i++) {
            Ended ended = runStage(loops, plan.stages().get(i), watcher);
            results.add(ended.result());
            watcher.onStageDone(ended.result());
            early = ended.early() == null ? staircase.onStep(ended.result()) : ended.early();
        }
        return early;
    }

    private Ended runStage(LoadLoops loops, Stage stage, LoadWatcher watcher) throws InterruptedException {
        String early = null;
        long startNanos = loops.start(stage);
        long openNanos = startNanos;
        long stopNanos = startNanos;
        while (!loops.await(POLL_MILLIS)) {
            long nowNanos = clock.nanos();
            LoadProgress progress = loops.progress();
            watcher.onProgress(stage, nowNanos - startNanos, progress);
            openNanos = progress.openConnections() > 0 ? nowNanos : openNanos;
            if (early == null) {
                early = reasonToStop(nowNanos - openNanos);
                if (early != null) {
                    loops.stopSending();
                    stopNanos = nowNanos;
                }
            } else if (nowNanos - stopNanos > PATIENCE_NANOS) {
                loops.giveUp();
            }
        }
        Tally tally = loops.result();
        return new Ended(new StageResult(stage, tally.lastNanos() - startNanos, tally), early);
    }

    private @Nullable String reasonToStop(long withoutConnectionNanos) {
        if (withoutConnectionNanos > LOST_NANOS) {
            return "stopped early: no connection to the server for " + TimeUnit.NANOSECONDS.toSeconds(LOST_NANOS)
                    + " s";
        }
        return stopped.getCount() == 0 ? "stopped early, as asked" : null;
    }

    private Comparison compare(Statistics statistics, ServerCounts before, Tally all) throws InterruptedException {
        try {
            ServerCounts after = statistics.readSettled();
            return Comparison.of(all.acknowledged(), all.unknown(), plan.identitiesAreKeys(), before, after);
        } catch (LoadException e) {
            return Comparison.impossible(all.acknowledged(), String.valueOf(e.getMessage()));
        }
    }
}

package io.metricstream.server;

import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows on standard error how far a command is: on a terminal with a bar, which goes away at the end, and elsewhere with a
 * line every few seconds.
 */
@OwnedBy(Role.MAIN)
final class Progress implements AutoCloseable {
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int REFRESH_MILLIS = 200;

    private final String task;
    private final String unit;
    private final long most;
    private final PrintWriter err;
    private final NanoClock clock;
    private final @Nullable ProgressBar bar;
    private long lastLineNanos;

    private Progress(String task, String unit, long most, PrintWriter err, NanoClock clock) {
        this.task = task;
        this.unit = unit;
        this.most = most;
        this.err = err;
        this.clock = clock;
        this.lastLineNanos = clock.nanos();
        this.bar = Terminal.isThere() ? bar(task, unit, most) : null;
    }

    /** Begins to show something that is done when so many units are; below 0 where nobody knows how many. */
    static Progress of(String task, String unit, long most, PrintWriter err, NanoClock clock) {
        return new Progress(task, unit, most, err, clock);
    }

    /** So many units are done. */
    void at(long done, String message) {
        if (bar != null) {
            bar.stepTo(most < 0 ? done : Math.min(done, most));
            bar.setExtraMessage(" " + message);
            return;
        }
        long nowNanos = clock.nanos();
        if (nowNanos - lastLineNanos >= LINE_NANOS) {
            lastLineNanos = nowNanos;
            err.println(task + ": " + done + (most < 0 ? "" : " of " + most) + unit + ", " + message);
            err.flush();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }

    private static ProgressBar bar(String task, String unit, long most) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setUnit(unit, 1)
                .setInitialMax(most)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .clearDisplayOnFinish()
                .hideEta()
                .build();
    }
}

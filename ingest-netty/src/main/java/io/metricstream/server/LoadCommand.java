package io.metricstream.server;

import io.metricstream.load.LoadException;
import io.metricstream.load.LoadPlan;
import io.metricstream.load.LoadProgress;
import io.metricstream.load.LoadReport;
import io.metricstream.load.LoadRun;
import io.metricstream.load.LoadWatcher;
import io.metricstream.load.Stage;
import io.metricstream.load.StageResult;
import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Loads a server, and checks that it counts what it has acknowledged. A signal ends the load, not the report. */
@Command(
        name = "load",
        description =
                "Sends realistic metrics of a fleet to a server, reports rates, statuses and latencies, and checks that"
                        + " what was acknowledged is what the server counts.")
@OwnedBy(Role.MAIN)
final class LoadCommand implements Callable<Integer> {
    private static final long REPORT_SECONDS = 60;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LoadOptions options;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        LoadPlan plan = options.plan();
        var run = new LoadRun(plan, NanoClock.system(), EpochClock.system());
        var exitCode = new CompletableFuture<Integer>();
        Thread hook = new Thread(() -> stop(run, exitCode), "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            int code = report(run);
            exitCode.complete(code);
            return code;
        } finally {
            exitCode.complete(ExitCode.FAILURE);
            withdraw(hook);
        }
    }

    private int report(LoadRun run) throws CommandFailure, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        var display = new Display(out, spec.commandLine().getErr(), options.isStaircase());
        try {
            LoadReport report = run.run(display);
            report.lines().forEach(out::println);
            out.flush();
            return report.matches() ? ExitCode.OK : ExitCode.FAILURE;
        } catch (LoadException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }

    /** Runs in the shutdown hook: the JVM ends when the report is written, with the exit code of the report. */
    private static void stop(LoadRun run, CompletableFuture<Integer> exitCode) {
        run.stop();
        int code = ExitCode.FAILURE;
        try {
            code = exitCode.get(REPORT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            // Nothing more to wait for.
        }
        Runtime.getRuntime().halt(code);
    }

    private static void withdraw(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // A signal has come: the hook ends the process.
        }
    }

    /** Shows each stage while it runs, and of a staircase a row for each step. */
    private static final class Display implements LoadWatcher {
        private final PrintWriter out;
        private final PrintWriter err;
        private final boolean rows;
        private boolean headed;
        private @Nullable Stage shownStage;
        private @Nullable Progress progress;

        Display(PrintWriter out, PrintWriter err, boolean rows) {
            this.out = out;
            this.err = err;
            this.rows = rows;
        }

        @Override
        public void onProgress(Stage stage, long elapsedNanos, LoadProgress so) {
            if (!stage.equals(shownStage)) {
                close();
                shownStage = stage;
            }
            Progress shown = progress;
            if (shown == null) {
                shown = Progress.of("load", " s", stage.duration().toSeconds(), err, NanoClock.system());
                progress = shown;
            }
            shown.at(
                    TimeUnit.NANOSECONDS.toSeconds(elapsedNanos),
                    String.format(
                            Locale.ROOT,
                            "%,.0f samples/s, refused %d, errors %d",
                            so.samples() * 1e9 / Math.max(1, elapsedNanos),
                            so.refusals(),
                            so.failures()));
        }

        @Override
        public void onStageDone(StageResult result) {
            close();
            if (rows) {
                if (!headed) {
                    out.println(StageResult.rowHeader());
                    headed = true;
                }
                out.println(result.row());
                out.flush();
            }
        }

        private void close() {
            Progress shown = progress;
            if (shown != null) {
                progress = null;
                shown.close();
            }
        }
    }
}

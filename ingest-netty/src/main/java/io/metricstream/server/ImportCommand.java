package io.metricstream.server;

import io.metricstream.feed.Feed;
import io.metricstream.feed.FeedException;
import io.metricstream.feed.FeedPlan;
import io.metricstream.feed.FeedReport;
import io.metricstream.feed.FeedSource;
import io.metricstream.feed.FeedWatcher;
import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.File;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Sends files of samples to a server. */
@Command(
        name = "import",
        description =
                "Sends the samples of files to a server: JSON Lines and CSV as export writes them, the JSON lines of"
                        + " /api/v1/export and VictoriaMetrics, Prometheus' text format and OpenMetrics. Samples without a time"
                        + " get that of the import's beginning. Sending a sample again changes nothing.")
@OwnedBy(Role.MAIN)
final class ImportCommand implements Callable<Integer> {
    private static final int MIB_SHIFT = 20;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ImportOptions options;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        FeedPlan plan = options.plan();
        PrintWriter err = spec.commandLine().getErr();
        try (Progress progress = Progress.of("import", " MiB", mebibytes(plan), err, NanoClock.system())) {
            FeedReport report = run(plan, new Display(progress, err));
            err.println(summary(report));
            err.flush();
            return ExitCode.OK;
        } catch (FeedException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }

    private static FeedReport run(FeedPlan plan, FeedWatcher watcher) throws FeedException, InterruptedException {
        return new Feed(plan, watcher, NanoClock.system(), EpochClock.system()).run();
    }

    /** What all files take on the disk; below 0 where nobody knows. */
    private static long mebibytes(FeedPlan plan) {
        long bytes = 0;
        for (FeedSource source : plan.sources()) {
            if (source.name().equals(FeedSource.STANDARD_INPUT)) {
                return -1;
            }
            bytes += new File(source.name()).length();
        }
        return Math.max(1, bytes >> MIB_SHIFT);
    }

    private static String summary(FeedReport report) {
        return "imported " + report.stored() + " samples of " + report.lines() + " lines in " + report.files()
                + (report.files() == 1 ? " file" : " files") + "; refused " + report.refused() + " samples, bad lines "
                + report.badLines() + ", requests sent again " + report.retries();
    }

    /** Shows how far it is, and the first of what goes wrong. */
    private static final class Display implements FeedWatcher {
        private static final int MOST_BAD = 20;

        private final Progress progress;
        private final PrintWriter err;
        private int bad;
        private long readBytes;

        Display(Progress progress, PrintWriter err) {
            this.progress = progress;
            this.err = err;
        }

        @Override
        public void onProgress(long read, long storedSamples) {
            readBytes = read;
            progress.at(read >> MIB_SHIFT, storedSamples + " samples");
        }

        @Override
        public void onWaiting(String why) {
            progress.at(readBytes >> MIB_SHIFT, "waiting: " + why);
        }

        @Override
        public void onBad(String what) {
            bad++;
            if (bad <= MOST_BAD) {
                err.println("metricstream: left out: " + what + (bad == MOST_BAD ? " (and no more are shown)" : ""));
                err.flush();
            }
        }
    }
}

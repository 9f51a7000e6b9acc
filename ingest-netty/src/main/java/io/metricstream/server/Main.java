package io.metricstream.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the process begins and, by its exit code or a bug, ends. */
public final class Main {
    private Main() {}

    /** Runs the command that the arguments name. */
    public static void main(String[] args) {
        LogSetup.forTools();
        Thread.setDefaultUncaughtExceptionHandler(Main::onBug);
        System.exit(Commands.run(args, StandardOutput.ofProcess()));
    }

    /**
     * A thread ended by what it did not expect: nothing is known of the state it left, so the process ends at once. What
     * was acknowledged is in the log.
     */
    private static void onBug(Thread thread, Throwable bug) {
        try {
            Logger log = LoggerFactory.getLogger(Main.class);
            log.error("bug: the process ends, thread={}", thread.getName(), bug);
        } finally {
            Runtime.getRuntime().halt(ExitCode.BUG);
        }
    }
}

package io.metricstream.server;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** The terminal that a command runs in, if any. Stateless. */
final class Terminal {
    private static final int USUAL_COLUMNS = 80;

    private Terminal() {}

    /** Whether somebody types and reads, rather than a file or another program. */
    @SuppressWarnings(
            "SystemConsoleNull") // Between JDK 22 and 24 only with -Djdk.console=java.base, which the launcher sets.
    static boolean isThere() {
        return System.console() != null;
    }

    /** How many characters a line has. */
    static int columns(CommandSpec spec) {
        return isThere() ? spec.usageMessage().autoWidth(true).width() : USUAL_COLUMNS;
    }

    /** Whether colours are shown, and wanted ({@code NO_COLOR}). */
    static boolean hasColors() {
        return Ansi.AUTO.enabled();
    }
}

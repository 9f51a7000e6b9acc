package io.metricstream.server;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the process ends with. */
final class ExitCode {
    static final int OK = 0;
    /** The command could not do what it should, or found what it measures to be wrong. */
    static final int FAILURE = 1;
    /** The command line or the configuration is wrong; nothing was done. */
    static final int USAGE = 2;
    /** Memory ran out: the JVM ends itself with it, as the launcher has it do. */
    static final int NO_MEMORY = 3;
    /** Stored data is damaged. */
    static final int DAMAGE = 4;
    /** A bug: something that should not be possible. */
    static final int BUG = 70;

    private ExitCode() {}

    /** For the help: each code and what it means, in order. */
    static Map<String, String> help() {
        Map<String, String> meanings = new LinkedHashMap<>();
        meanings.put(" " + OK, "done");
        meanings.put(" " + FAILURE, "failed; the message says why");
        meanings.put(" " + USAGE, "the command line or the configuration is wrong; nothing was done");
        meanings.put(" " + NO_MEMORY, "memory ran out");
        meanings.put(" " + DAMAGE, "stored data is damaged (verify, repair, restore, export, query)");
        meanings.put(String.valueOf(BUG), "a bug in MetricStream; please report it with the log");
        return meanings;
    }
}

package io.metricstream.server;

import io.metricstream.config.ConfigException;
import java.util.List;

/** Ends a command with an exit code and what the user is told. */
final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final transient List<String> problems;

    private CommandFailure(int exitCode, List<String> problems) {
        super(String.join("; ", problems));
        this.exitCode = exitCode;
        this.problems = List.copyOf(problems);
    }

    /** It could not be done. */
    static CommandFailure failed(String problem) {
        return new CommandFailure(ExitCode.FAILURE, List.of(problem));
    }

    /** It was not begun, as it was asked for in a wrong way. */
    static CommandFailure usage(String problem) {
        return new CommandFailure(ExitCode.USAGE, List.of(problem));
    }

    /** It was not begun, for several reasons. */
    static CommandFailure usage(List<String> problems) {
        return new CommandFailure(ExitCode.USAGE, problems);
    }

    static CommandFailure of(ConfigException refused) {
        return new CommandFailure(ExitCode.USAGE, refused.problems());
    }

    int exitCode() {
        return exitCode;
    }

    List<String> problems() {
        return problems;
    }
}

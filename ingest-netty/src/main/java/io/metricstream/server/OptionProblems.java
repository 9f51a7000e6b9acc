package io.metricstream.server;

import io.metricstream.config.ValueKind;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that is wrong with the options of a command, to be told at once. */
@OwnedBy(Role.MAIN)
final class OptionProblems {
    private final List<String> problems = new ArrayList<>();

    void add(String problem) {
        problems.add(problem);
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** What an option says; something instead where that is a problem. */
    <T> T value(String option, String text, ValueKind<T> kind, T instead) {
        Optional<T> value = kind.parse().apply(text);
        if (value.isEmpty()) {
            problems.add(option + ": found \"" + text + "\", wanted " + kind.wanted());
        }
        return value.orElse(instead);
    }

    /** Ends the command where there are any. */
    void tell() throws CommandFailure {
        if (!problems.isEmpty()) {
            throw CommandFailure.usage(problems);
        }
    }
}

package io.metricstream.server;

import io.metricstream.config.ValueKind;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Matcher;
import io.metricstream.select.Selection;
import io.metricstream.select.SelectorException;
import io.metricstream.select.SelectorParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code export} that say what is wanted and where it goes. All that is wrong is told at once. */
@OwnedBy(Role.MAIN)
final class ExportOptions {
    private static final ValueKind<ExportFormat> FORMAT = ValueKind.choice(ExportFormat.class);
    private static final String STANDARD_OUTPUT = "-";

    @Option(
            names = "--match",
            paramLabel = "SELECTOR",
            description = "Only these series, as Prometheus selects them: cpu_usage{host=\"server1\",region=~\"eu-.*\"}"
                    + " or {\"my.metric\"}; otherwise all.")
    private @Nullable String match;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only samples of this time and later: 2025-09-17T13:45:23Z, 2025-09-17, milliseconds since"
                    + " 1970, or -1h for an hour before now.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Only samples before this time.")
    private @Nullable String to;

    @Option(names = "--format", paramLabel = "FORMAT", description = "jsonl (default), csv or parquet.")
    private String format = "jsonl";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to this file, which appears when all of it is written and durable; otherwise to"
                    + " standard output.")
    private @Nullable String output;

    private final OptionProblems problems = new OptionProblems();

    /**
     * What is wanted, checked.
     *
     * @param file where it goes; empty for standard output
     */
    record Wanted(Path data, Selection selection, ExportFormat format, Optional<Path> file) {}

    Wanted wanted(Path data, long nowMillis) throws CommandFailure {
        DataFolders.problem(data).ifPresent(problem -> problems.add("--data: " + problem));
        ValueKind<Long> time = TimeKind.before(nowMillis);
        long fromMillis = from == null ? Long.MIN_VALUE : problems.value("--from", from, time, Long.MIN_VALUE);
        long lastMillis = to == null ? Long.MAX_VALUE : problems.value("--to", to, time, Long.MAX_VALUE) - 1;
        if (problems.isEmpty() && (lastMillis < fromMillis || (lastMillis == Long.MAX_VALUE && to != null))) {
            problems.add("--to: found " + to + ", wanted a time after that of --from");
        }
        var wanted = new Wanted(
                data,
                new Selection(matchers(), fromMillis, lastMillis),
                problems.value("--format", format, FORMAT, ExportFormat.JSONL),
                output == null || output.equals(STANDARD_OUTPUT) ? Optional.empty() : Optional.of(file(output)));
        problems.tell();
        return wanted;
    }

    private List<Matcher> matchers() {
        try {
            return match == null ? List.of() : SelectorParser.parse(match);
        } catch (SelectorException e) {
            problems.add("--match: " + e.getMessage());
            return List.of();
        }
    }

    private Path file(String text) {
        Path path = Path.of(text).toAbsolutePath();
        Path folder = path.getParent();
        if (folder == null || Files.isDirectory(path)) {
            problems.add("--output: found the folder " + path + ", wanted a file");
        } else if (!Files.isDirectory(folder)) {
            problems.add("--output: found no folder " + folder + ", wanted one that exists");
        }
        return path;
    }
}

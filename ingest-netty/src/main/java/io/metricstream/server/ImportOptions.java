package io.metricstream.server;

import io.metricstream.config.ValueKind;
import io.metricstream.feed.FeedFormat;
import io.metricstream.feed.FeedPlan;
import io.metricstream.feed.FeedSource;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of {@code import}, and the plan they make. All that is wrong with them is told at once. */
@OwnedBy(Role.MAIN)
final class ImportOptions {
    private static final ValueKind<FeedFormat> FORMAT = ValueKind.choice(FeedFormat.class);
    private static final ValueKind<Integer> BATCH = ValueKind.integer(1, 10_000);

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files, unpacked where they end with .gz or .zst; - is standard input.")
    private List<String> files = List.of();

    @Mixin
    private ServerOptions server;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "jsonl, prometheus, openmetrics or csv; otherwise what the name of each file says: .jsonl,"
                    + " .ndjson and .json; .prom and .txt; .openmetrics and .om; .csv.")
    private @Nullable String format;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description = "Remember in this file how far the import has come, and go on from there if it exists.")
    private @Nullable Path resume;

    @Option(
            names = "--skip-bad",
            description = "Leave out what is bad, name the first of it, and count it; otherwise the import ends there.")
    private boolean skipBad;

    @Option(names = "--batch", paramLabel = "B", description = "Samples a request; default and at most 10000.")
    private String batch = "10000";

    private final OptionProblems problems = new OptionProblems();

    FeedPlan plan() throws CommandFailure {
        List<FeedSource> sources = sources();
        URI address = server.address(problems);
        String identity = server.authorization(problems);
        int samples = problems.value("--batch", batch, BATCH, 1);
        Path bookmark = resume == null ? null : resume.toAbsolutePath();
        if (bookmark != null && (bookmark.getParent() == null || !Files.isDirectory(bookmark.getParent()))) {
            problems.add("--resume: found no folder for " + bookmark + ", wanted one that exists");
        } else if (bookmark != null && Files.exists(bookmark) && !Files.isRegularFile(bookmark)) {
            problems.add("--resume: found no file at " + bookmark + ", wanted one, or nothing yet");
        }
        problems.tell();
        return new FeedPlan(sources, address, identity, samples, skipBad, bookmark);
    }

    private List<FeedSource> sources() {
        FeedFormat given = format == null ? null : problems.value("--format", format, FORMAT, FeedFormat.JSONL);
        List<FeedSource> sources = new ArrayList<>();
        for (String file : files) {
            boolean standard = file.equals(FeedSource.STANDARD_INPUT);
            if (!standard && !Files.isReadable(Path.of(file))) {
                problems.add(file + ": found no file that can be read");
            } else if (!standard && Files.isDirectory(Path.of(file))) {
                problems.add(file + ": found a folder, wanted a file");
            }
            Optional<FeedFormat> format = given == null ? FeedFormat.of(file) : Optional.of(given);
            if (format.isEmpty()) {
                problems.add("--format: found none, wanted one of " + FORMAT.wanted() + " for " + file
                        + ", whose name does not say");
            }
            String name =
                    standard ? file : Path.of(file).toAbsolutePath().normalize().toString();
            sources.add(new FeedSource(name, format.orElse(FeedFormat.JSONL)));
        }
        return sources;
    }
}

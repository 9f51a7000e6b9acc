package io.metricstream.server;

import io.metricstream.config.ValueKind;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.engine.QueryRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of {@code query} that say what is asked, of what time, and how it is shown. */
@OwnedBy(Role.MAIN)
final class QueryOptions {
    private static final ValueKind<QueryFormat> FORMAT = ValueKind.choice(QueryFormat.class);
    private static final ValueKind<Duration> STEP = ValueKind.duration("1ms", "36500d");
    /** Steps of a range of which nobody said how long they are: about what a terminal can show. */
    private static final long USUAL_STEPS = 240;

    private static final long SECOND_MILLIS = 1000;

    @Parameters(paramLabel = "EXPR", description = "The query, in PromQL.")
    private String query;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Ask for a range that begins here: 2025-09-17T13:45:23Z, 2025-09-17, milliseconds since 1970,"
                    + " or -1h for an hour before now. Otherwise a single moment is asked for.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "The range's end, or the moment; default now.")
    private @Nullable String to;

    @Option(
            names = "--step",
            paramLabel = "D",
            description = "From one point of the range to the next; default some 240 steps, of a second at least.")
    private @Nullable String step;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "table (default in a terminal), json as the API answers (default otherwise), csv, or chart, which"
                            + " draws a range.")
    private @Nullable String format;

    /** What is asked. */
    QueryRequest asked(long nowMillis, OptionProblems problems) {
        ValueKind<Long> time = TimeKind.before(nowMillis);
        long endMillis = to == null ? nowMillis : problems.value("--to", to, time, nowMillis);
        if (from == null) {
            if (step != null) {
                problems.add("--step: found without --from, wanted a range");
            }
            return QueryRequest.instant(query, endMillis);
        }
        long startMillis = problems.value("--from", from, time, endMillis);
        if (startMillis > endMillis) {
            problems.add("--from: found " + from + ", wanted a time before that of --to");
        }
        long stepMillis = step == null
                ? usualStepMillis(endMillis - startMillis)
                : problems.value("--step", step, STEP, Duration.ofSeconds(1)).toMillis();
        return QueryRequest.range(query, startMillis, endMillis, stepMillis);
    }

    /** How the result is shown. */
    QueryFormat format(OptionProblems problems) {
        if (format == null) {
            return Terminal.isThere() ? QueryFormat.TABLE : QueryFormat.JSON;
        }
        QueryFormat wanted = problems.value("--format", format, FORMAT, QueryFormat.TABLE);
        if (wanted == QueryFormat.CHART && from == null) {
            problems.add("--format: found chart without --from, wanted a range to draw");
        }
        return wanted;
    }

    private static long usualStepMillis(long rangeMillis) {
        return Math.max(1, (rangeMillis / USUAL_STEPS + SECOND_MILLIS - 1) / SECOND_MILLIS) * SECOND_MILLIS;
    }
}

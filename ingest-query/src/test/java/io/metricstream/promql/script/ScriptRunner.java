package io.metricstream.promql.script;

import io.metricstream.model.Labels;
import io.metricstream.model.NanoClock;
import io.metricstream.promql.engine.Cancellation;
import io.metricstream.promql.engine.QueryEngine;
import io.metricstream.promql.engine.QueryException;
import io.metricstream.promql.engine.QueryLimits;
import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.promql.parse.ParseException;
import io.metricstream.promql.parse.PromParser;
import io.metricstream.promql.parse.ValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Runs a script against an engine over a store, and says what is not as the script expects. */
public final class ScriptRunner {
    private static final String NATIVE_HISTOGRAMS = "native histograms";
    private static final String ANCHORED = "anchored and smoothed ranges";
    private static final String FILL = "fill";
    private static final String TRIM = "trimming of native histograms";
    private static final String EXPERIMENTAL = "experimental functions";
    private static final String DURATIONS = "duration arithmetic";
    /** What there is not, by what an expression has where it needs it. */
    private static final Map<String, String> OPTIONAL = Map.ofEntries(
            Map.entry("anchored", ANCHORED),
            Map.entry("smoothed", ANCHORED),
            Map.entry("fill", FILL),
            Map.entry("</", TRIM),
            Map.entry(">/", TRIM),
            Map.entry("histogram_quantiles", EXPERIMENTAL),
            Map.entry("start_timestamp", EXPERIMENTAL),
            Map.entry("[step", DURATIONS),
            Map.entry("[range", DURATIONS),
            Map.entry("offset step", DURATIONS),
            Map.entry("offset range", DURATIONS),
            Map.entry("offset -step", DURATIONS),
            Map.entry("offset -range", DURATIONS),
            Map.entry("offset max_of", DURATIONS),
            Map.entry("offset min_of", DURATIONS),
            Map.entry("[max_of", DURATIONS),
            Map.entry("[min_of", DURATIONS));

    private final Path folder;
    private final Random random;
    private final QueryEngine engine = new QueryEngine(
            new QueryLimits(50_000_000, 1L << 30, Duration.ofMinutes(2), Duration.ofMinutes(5)), NanoClock.system());
    private final List<String> problems = new ArrayList<>();
    private final Set<Labels> histograms = new HashSet<>();
    private ScriptStore store;
    private int passed;
    private final Map<String, Integer> skipped = new TreeMap<>();

    public ScriptRunner(Path folder, Random random) {
        this.folder = folder;
        this.random = random;
    }

    /** What is not as expected, by line. */
    public List<String> problems() {
        return problems;
    }

    public int passed() {
        return passed;
    }

    /** How many queries need what there is not, by what that is. */
    public Map<String, Integer> skipped() {
        return skipped;
    }

    public void run(String text) throws Exception {
        store = open();
        try {
            for (Script.Command command : Script.parse(text)) {
                if (command instanceof Script.Clear) {
                    store.close();
                    store = open();
                    histograms.clear();
                } else if (command instanceof Script.Load load) {
                    load(load);
                } else {
                    eval((Script.Eval) command);
                }
            }
        } finally {
            store.close();
        }
    }

    private ScriptStore open() throws Exception {
        return new ScriptStore(Files.createTempDirectory(folder, "store"));
    }

    private void load(Script.Load load) throws Exception {
        for (Script.SeriesLine line : load.series()) {
            if (line.hasHistogram()) {
                histograms.add(line.labels());
            }
            int count = (int) line.values().stream()
                    .filter(v -> !v.gap() && !v.histogram())
                    .count();
            var times = new long[count];
            var values = new double[count];
            int at = 0;
            for (int i = 0; i < line.values().size(); i++) {
                Script.Value value = line.values().get(i);
                if (!value.gap() && !value.histogram()) {
                    times[at] = i * load.stepMillis();
                    values[at++] = value.number();
                }
            }
            if (count > 0) {
                store.append(line.labels(), times, values);
            }
            if (random.nextInt(4) == 0) {
                store.flush();
            }
        }
    }

    private void eval(Script.Eval eval) {
        String missing = missing(eval);
        if (missing != null) {
            skipped.merge(missing, 1, Integer::sum);
            return;
        }
        var check = new EvalCheck(eval);
        QueryResult result = null;
        QueryException failure = null;
        try {
            result = engine.run(request(eval), store.queryable(), new Cancellation());
        } catch (QueryException e) {
            failure = e;
        }
        String problem = check.check(result, failure);
        if (problem == null && result != null && !eval.isRange() && !eval.expected().fail) {
            problem = variants(eval, check);
        }
        if (problem == null) {
            passed++;
        } else {
            problems.add("line " + eval.line() + ": " + eval.expression() + ": " + problem);
        }
    }

    /** What a query needs that there is not; null where it is to be answered as expected. */
    private String missing(Script.Eval eval) {
        String text = eval.expression();
        if (eval.expected().hasHistogram() || Selectors.anyMatches(text, histograms)) {
            return NATIVE_HISTOGRAMS;
        }
        String needed = OPTIONAL.entrySet().stream()
                .filter(optional -> text.contains(optional.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        return needed == null || parses(text) || eval.expected().fail ? null : needed;
    }

    private static boolean parses(String text) {
        try {
            PromParser.parse(text);
            return true;
        } catch (ParseException e) {
            return false;
        }
    }

    private static QueryRequest request(Script.Eval eval) {
        return eval.isRange()
                ? QueryRequest.range(eval.expression(), eval.startMillis(), eval.endMillis(), eval.stepMillis())
                : QueryRequest.instant(eval.expression(), eval.startMillis());
    }

    /** The same at other times with {@code @}, and as the middle of a range. */
    private String variants(Script.Eval eval, EvalCheck check) {
        long time = eval.startMillis();
        try {
            boolean ofQuery = eval.expression().matches(".*(start|end|range|step)\\(.*");
            String pinned = ofQuery ? null : Selectors.pin(eval.expression(), time);
            List<Long> times =
                    time == 0 ? List.of(-1000L, 0L, 1000L) : List.of(-10 * time, 0L, time / 5, time, 10 * time);
            for (long other : pinned == null ? List.<Long>of() : times) {
                QueryResult result =
                        engine.run(QueryRequest.instant(pinned, other), store.queryable(), new Cancellation());
                String problem = check.checkValues(result);
                if (problem != null) {
                    return pinned + " at " + other + " ms: " + problem;
                }
            }
            boolean inRange = !eval.expected().ordered
                    && eval.expected().vectorStartMillis == null
                    && !ofQuery
                    && PromParser.parse(eval.expression()).type() != ValueType.STRING;
            if (inRange) {
                QueryResult result = engine.run(
                        QueryRequest.range(eval.expression(), time - 60_000, time + 60_000, 60_000),
                        store.queryable(),
                        new Cancellation());
                String problem = check.checkMiddle(result, time);
                return problem == null ? null : "in a range: " + problem;
            }
            return null;
        } catch (QueryException | ParseException e) {
            return "variant failed: " + e.getMessage();
        }
    }
}

package io.metricstream.promql.script;

import io.metricstream.model.Labels;
import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.promql.parse.ParseException;
import io.metricstream.promql.parse.PromParser;
import io.metricstream.promql.parse.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Runs scripts against a target, one after the other, and says what is not as a script expects. */
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

    private final ScriptTarget target;
    private final Set<Labels> histograms = new HashSet<>();
    private Outcome outcome = new Outcome();

    public ScriptRunner(ScriptTarget target) {
        this.target = target;
    }

    /** How a script went. */
    public static final class Outcome {
        private final List<String> problems = new ArrayList<>();
        private final Map<String, Integer> skipped = new TreeMap<>();
        private int passed;

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

        @Override
        public String toString() {
            return "passed=" + passed + ", failed=" + problems.size() + ", skipped=" + skipped;
        }
    }

    /** Runs a script, with nothing that was loaded before. */
    public Outcome run(String text) throws Exception {
        outcome = new Outcome();
        clear();
        for (Script.Command command : Script.parse(text)) {
            if (command instanceof Script.Clear) {
                clear();
            } else if (command instanceof Script.Load load) {
                load(load);
            } else {
                eval((Script.Eval) command);
            }
        }
        return outcome;
    }

    private void clear() throws Exception {
        target.clear();
        histograms.clear();
    }

    private void load(Script.Load load) throws Exception {
        for (Script.SeriesLine line : load.series()) {
            if (line.hasHistogram()) {
                histograms.add(line.labels());
            }
        }
        target.load(load);
    }

    private void eval(Script.Eval eval) throws InterruptedException {
        String missing = missing(eval);
        if (missing != null) {
            outcome.skipped.merge(missing, 1, Integer::sum);
            return;
        }
        var check = new EvalCheck(eval);
        QueryResult result = null;
        String failure = null;
        try {
            result = target.run(request(eval));
        } catch (ScriptTarget.NoResultException e) {
            failure = String.valueOf(e.getMessage());
        }
        String problem = check.check(result, failure);
        if (problem == null && result != null && !eval.isRange() && !eval.expected().fail) {
            problem = variants(eval, check);
        }
        if (problem == null) {
            outcome.passed++;
        } else {
            outcome.problems.add("line " + eval.line() + ": " + eval.expression() + ": " + problem);
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
    private String variants(Script.Eval eval, EvalCheck check) throws InterruptedException {
        long time = eval.startMillis();
        try {
            boolean ofQuery = eval.expression().matches(".*(start|end|range|step)\\(.*");
            String pinned = ofQuery ? null : Selectors.pin(eval.expression(), time);
            List<Long> times =
                    time == 0 ? List.of(-1000L, 0L, 1000L) : List.of(-10 * time, 0L, time / 5, time, 10 * time);
            for (long other : pinned == null ? List.<Long>of() : times) {
                QueryResult result = target.run(QueryRequest.instant(pinned, other));
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
                QueryResult result =
                        target.run(QueryRequest.range(eval.expression(), time - 60_000, time + 60_000, 60_000));
                String problem = check.checkMiddle(result, time);
                return problem == null ? null : "in a range: " + problem;
            }
            return null;
        } catch (ScriptTarget.NoResultException | ParseException e) {
            return "variant failed: " + e.getMessage();
        }
    }
}

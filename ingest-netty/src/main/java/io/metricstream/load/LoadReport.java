package io.metricstream.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What a run came to, for the user. */
public final class LoadReport {
    private final LoadPlan plan;
    private final List<StageResult> stages;
    private final Map<String, String> examples;
    private final List<String> notes;
    private final Comparison comparison;

    LoadReport(
            LoadPlan plan,
            List<StageResult> stages,
            Map<String, String> examples,
            List<String> notes,
            Comparison comparison) {
        this.plan = plan;
        this.stages = List.copyOf(stages);
        this.examples = new TreeMap<>(examples);
        this.notes = List.copyOf(notes);
        this.comparison = comparison;
    }

    /** True where the server counts what it has acknowledged. */
    public boolean matches() {
        return comparison.good();
    }

    /** Everything as lines: of a single stage the table, then what went wrong, and last the verdict. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        if (plan.stages().size() == 1 && !stages.isEmpty()) {
            addTable(lines, stages.get(0));
        }
        examples.forEach((kind, text) -> lines.add("first " + kind + ": " + text));
        lines.addAll(notes);
        if (!plan.warmUp().isZero()) {
            lines.add("the comparison includes the warm-up:");
        }
        lines.add(comparison.text());
        return lines;
    }

    private void addTable(List<String> lines, StageResult result) {
        Tally tally = result.tally();
        lines.add(String.format(
                Locale.ROOT,
                "%s: connections=%d, clients=%d, samples-a-request=%d, series=%d, seed=%d, seconds=%.1f",
                result.stage().flatOut() ? "flat out" : result.stage().requestsPerSecond() + " requests/s",
                plan.connections(),
                plan.identities().size(),
                plan.samplesPerRequest(),
                plan.fleet().series(),
                plan.fleet().seed(),
                result.seconds()));
        lines.add("");
        lines.add(count("requests sent", tally.sent()) + perSecond(tally.sent() / result.seconds()));
        lines.add(count("samples acknowledged", tally.acknowledged()) + perSecond(result.samplesPerSecond()));
        addIfAny(lines, "samples refused", tally.refused());
        lines.add("");
        lines.add(count("200 stored", tally.status(200)));
        lines.add(count("400 bad samples", tally.status(400)));
        lines.add(count("429 over a limit", tally.status(429)));
        lines.add(count("503 overloaded", tally.status(503)));
        addIfAny(lines, "other answers", otherAnswers(tally));
        lines.add(count("timeouts", tally.timeouts()));
        lines.add(count("connections lost", tally.lost()));
        addIfAny(lines, "connections refused", tally.connectFailures());
        addIfAny(lines, "due but not sent", tally.notSent());
        addIfAny(lines, "retries given up", tally.givenUp());
        lines.add("");
        addLatencies(lines, tally);
        lines.add("");
    }

    private static void addLatencies(List<String> lines, Tally tally) {
        lines.add(String.format(
                Locale.ROOT, "%-24s %9s %9s %9s %9s %9s", "latency in ms", "p50", "p90", "p99", "p99.9", "max"));
        if (tally.measured().getTotalCount() > 0) {
            lines.add(latencies("measured from sending", tally.measured()));
        }
        if (!tally.corrected().equals(tally.measured())) {
            lines.add(latencies("corrected, from due time", tally.corrected()));
        }
    }

    private static String latencies(String name, Histogram of) {
        return String.format(
                Locale.ROOT,
                "%-24s %9s %9s %9s %9s %9s",
                name,
                StageResult.millis(of, 50),
                StageResult.millis(of, 90),
                StageResult.millis(of, 99),
                StageResult.millis(of, 99.9),
                StageResult.millis(of, 100));
    }

    private static long otherAnswers(Tally tally) {
        return tally.answered() - tally.status(200) - tally.status(400) - tally.status(429) - tally.status(503);
    }

    private static void addIfAny(List<String> lines, String name, long number) {
        if (number > 0) {
            lines.add(count(name, number));
        }
    }

    private static String count(String name, long number) {
        return String.format(Locale.ROOT, "%-24s %,15d", name, number);
    }

    private static String perSecond(double rate) {
        return String.format(Locale.ROOT, " %,15.0f/s", rate);
    }
}

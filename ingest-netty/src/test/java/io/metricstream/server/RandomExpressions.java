package io.metricstream.server;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Makes expressions over {@link ReferenceData} that Prometheus 2 and 3 mean the same by. Left out is what they do not: names
 * that only one has; what hangs on a metric's name after a function dropped it; {@code atan2}, which kept the name;
 * {@code stddev} of what is no number; {@code predict_linear} and {@code timestamp} of what is pinned; sums of negative
 * zeros. Left out is also what makes much of a last bit that differs: rests, steps and waves of results.
 */
final class RandomExpressions {
    private static final List<String> GAUGES = List.of(
            "level",
            "level{zone=~\"a|b\"}",
            "level{zone!=\"a\"}",
            "level{zone=\"\"}",
            "demo_memory_usage_bytes",
            "demo_memory_usage_bytes{type!~\"f.*\"}",
            "demo_disk_usage_bytes",
            "demo_num_cpus",
            "demo_batch_last_success_timestamp_seconds",
            "demo_intermittent_metric",
            "nonexistent");
    private static final List<String> COUNTERS = List.of(
            "events_total",
            "events_total{zone=~\".*\",instance!~\".*2\"}",
            "demo_cpu_usage_seconds_total",
            "demo_cpu_usage_seconds_total{mode=\"idle\"}",
            "demo_api_request_duration_seconds_count");
    private static final List<String> OF_COUNTERS = List.of("rate", "increase", "irate", "resets");
    private static final List<String> OF_RANGES = List.of(
            "avg_over_time",
            "sum_over_time",
            "min_over_time",
            "max_over_time",
            "count_over_time",
            "stddev_over_time",
            "stdvar_over_time",
            "last_over_time",
            "present_over_time",
            "absent_over_time",
            "changes",
            "delta",
            "idelta",
            "deriv");
    /** These jump, and are asked of samples only: what is on one side of a jump may be on the other by its last bit. */
    private static final List<String> JUMPING = List.of(
            "ceil",
            "floor",
            "round",
            "sgn",
            "hour",
            "minute",
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "days_in_month",
            "month",
            "year");
    /** Of these the last bits differ, or grow with their argument's. They are asked of samples only, and by themselves. */
    private static final List<String> INEXACT =
            List.of("ln", "log2", "log10", "exp", "sin", "cos", "tan", "atan", "asinh", "tanh", "deg", "rad");

    private static final List<String> AGGREGATIONS = List.of("sum", "avg", "min", "max", "count", "group");
    private static final List<String> LABELS = List.of("instance", "zone", "type", "job", "mode", "none");
    private static final List<String> DURATIONS = List.of("15s", "1m", "90s", "5m", "13m", "30m");
    private static final List<String> ARITHMETIC = List.of("+", "-", "*", "/");
    private static final List<String> COMPARISONS = List.of("==", "!=", ">", "<", ">=", "<=");

    private final Random random;
    /** How many subqueries the part that is being made is inside of. */
    private int subqueries;

    RandomExpressions(long seed) {
        this.random = new Random(seed);
    }

    String next() {
        return random.nextInt(20) == 0 ? pick(INEXACT) + "(" + selector(GAUGES) + ")" : vector(1 + random.nextInt(4));
    }

    private String vector(int depth) {
        if (depth == 0) {
            return random.nextBoolean() ? selector(GAUGES) : selector(COUNTERS);
        }
        int less = depth - 1;
        return switch (random.nextInt(16)) {
            case 0 -> pick(List.of("abs", "sqrt")) + "(" + vector(less) + ")";
            case 1 -> pick(JUMPING) + "(" + selector(GAUGES) + ")";
            case 2 -> pick(OF_COUNTERS) + "(" + range(COUNTERS) + ")";
            case 3 -> pick(OF_RANGES) + "(" + range(GAUGES) + ")";
            case 4 -> ofRangeWithNumber();
            case 5 -> pick(OF_RANGES) + "(" + subquery(less) + ")";
            case 6, 7 -> pick(AGGREGATIONS) + grouping() + "(" + vector(less) + ")";
            case 8 -> choosing(less);
            case 9, 10 -> withScalar(less);
            case 11, 12 -> ofTwo(less);
            case 13 -> "-" + wrapped(less);
            case 14 -> other(less);
            default -> "vector(" + scalar(less) + ")";
        };
    }

    private String wrapped(int depth) {
        return "(" + vector(depth) + ")";
    }

    private String selector(List<String> metrics) {
        return pick(metrics) + shift();
    }

    private String range(List<String> metrics) {
        return pick(metrics) + "[" + pick(DURATIONS) + "]" + shift();
    }

    /** One inside another has steps on whole seconds, and looks at a time that is off every grid of whole steps. */
    private String subquery(int depth) {
        String shift = subqueries == 0 ? shift() : " offset " + pick(List.of("13s", "-59s", "6m1s"));
        subqueries++;
        String inner = wrapped(depth);
        subqueries--;
        return inner + "[" + pick(DURATIONS) + ":" + pick(List.of("", "10s", "1m", "75s")) + "]" + shift;
    }

    /** A pinned time is off the grid, as samples and steps are. */
    private String shift() {
        String at = random.nextInt(8) > 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        " @ %.3f",
                        (ReferenceData.START_MILLIS + random.nextInt(7200) * 1000L + 617) / 1000.0);
        return random.nextInt(4) > 0 ? at : at + " offset " + pick(List.of("1m", "-1m", "7m", "20s"));
    }

    private String ofRangeWithNumber() {
        return switch (random.nextInt(3)) {
            case 0 -> "quantile_over_time(" + quantile() + ", " + range(GAUGES) + ")";
            case 1 -> "predict_linear(" + pick(GAUGES) + "[" + pick(DURATIONS) + "], " + number() + ")";
            default ->
                "histogram_quantile(" + quantile() + ", sum by (le, instance) (rate("
                        + "demo_api_request_duration_seconds_bucket[" + pick(DURATIONS) + "]" + shift() + ")))";
        };
    }

    private String choosing(int depth) {
        return switch (random.nextInt(3)) {
            // Of values that differ: which of equal ones is chosen is up to the server.
            case 0 ->
                pick(List.of("topk", "bottomk")) + grouping() + "(" + random.nextInt(6) + ", "
                        + selector(List.of("level", "demo_memory_usage_bytes", "demo_disk_usage_bytes")) + ")";
            case 1 -> "quantile" + grouping() + "(" + quantile() + ", " + vector(depth) + ")";
            default -> "count_values" + grouping() + "(\"value\", round(" + selector(GAUGES) + "))";
        };
    }

    private String withScalar(int depth) {
        String op = operator();
        return random.nextBoolean()
                ? wrapped(depth) + " " + op + " " + scalar(depth)
                : scalar(depth) + " " + op + " " + wrapped(depth);
    }

    private String operator() {
        return random.nextBoolean() ? pick(ARITHMETIC) : pick(COMPARISONS) + (random.nextBoolean() ? " bool" : "");
    }

    /** One that leaves nothing out: since version 3, what is left out is matched, too. */
    private String keeping() {
        return random.nextBoolean() ? pick(ARITHMETIC) : pick(COMPARISONS) + " bool";
    }

    private String ofTwo(int depth) {
        return switch (random.nextInt(5)) {
            case 0 -> wrapped(depth) + " " + pick(List.of("and", "unless")) + matching() + " " + wrapped(depth);
            case 1 ->
                "(sum without (none) " + wrapped(depth) + " or" + matching() + " sum without (none) " + wrapped(depth)
                        + ")";
            case 2 -> wrapped(depth) + " " + keeping() + matching() + " " + wrapped(depth);
            case 3 ->
                wrapped(depth) + " " + keeping() + " on (instance) group_left () " + pick(AGGREGATIONS)
                        + " by (instance) " + wrapped(depth);
            default ->
                pick(AGGREGATIONS) + " by (instance, zone) " + wrapped(depth) + " " + operator() + " ignoring (none) "
                        + pick(AGGREGATIONS) + " by (instance, zone) " + wrapped(depth);
        };
    }

    private String matching() {
        return switch (random.nextInt(3)) {
            case 0 -> "";
            case 1 -> " on (" + labels() + ")";
            default -> " ignoring (" + labels() + ")";
        };
    }

    private String other(int depth) {
        return switch (random.nextInt(11)) {
            case 0 -> "label_replace(" + vector(depth) + ", \"to\", \"$1-x\", \"instance\", \".*:(.*)\")";
            case 1 -> "label_join(" + vector(depth) + ", \"to\", \"/\", \"instance\", \"zone\")";
            case 2 -> "absent(" + vector(depth) + ")";
            case 3 -> "timestamp(" + pick(GAUGES) + ")";
            case 4 -> "clamp(" + vector(depth) + ", " + number() + ", " + scalar(depth) + ")";
            case 5 -> "clamp_min(" + vector(depth) + ", " + scalar(depth) + ")";
            case 6 -> "clamp_max(" + vector(depth) + ", " + scalar(depth) + ")";
            case 7 -> pick(List.of("stddev", "stdvar")) + grouping() + "(" + selector(GAUGES) + ")";
            case 8 -> wrapped(depth) + " ^ " + pick(List.of("2", "-1", "0.5", "3"));
            case 9 -> "abs(" + selector(GAUGES) + ") % " + number();
            default -> "round(" + selector(GAUGES) + ", " + number() + ")";
        };
    }

    private String scalar(int depth) {
        return switch (random.nextInt(depth == 0 ? 2 : 4)) {
            case 0 -> number();
            case 1 -> random.nextInt(4) == 0 ? "time()" : number();
            case 2 -> "scalar(" + vector(depth - 1) + ")";
            default -> "(" + scalar(depth - 1) + " " + pick(ARITHMETIC) + " " + scalar(depth - 1) + ")";
        };
    }

    private String number() {
        return pick(List.of("0", "1", "2", "-1", "0.5", "1e3", "-2.25", "3600", "4e9", "NaN", "Inf"));
    }

    private String quantile() {
        return pick(List.of("0", "0.1", "0.5", "0.9", "0.99", "1", "-1", "2"));
    }

    private String grouping() {
        return switch (random.nextInt(3)) {
            case 0 -> " ";
            case 1 -> " by (" + labels() + ") ";
            default -> " without (" + labels() + ") ";
        };
    }

    private String labels() {
        return switch (random.nextInt(3)) {
            case 0 -> "";
            case 1 -> pick(LABELS);
            default -> pick(LABELS) + ", " + pick(LABELS);
        };
    }

    private String pick(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}

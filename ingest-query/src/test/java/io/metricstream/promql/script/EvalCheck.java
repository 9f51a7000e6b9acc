package io.metricstream.promql.script;

import io.metricstream.model.Labels;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.promql.parse.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Compares a result with what a script expects; null is as expected. */
final class EvalCheck {
    private static final double TOLERANCE = 1e-6;

    private final Script.Eval eval;
    private final Expectation expected;

    EvalCheck(Script.Eval eval) {
        this.eval = eval;
        this.expected = eval.expected();
    }

    /** Checks a result, or where there is none, the message that says why. */
    String check(QueryResult result, String failure) {
        if (failure != null) {
            if (!expected.fail) {
                return "failed: " + failure;
            }
            return expected.failures.stream().allMatch(f -> f.test(failure)) ? null : "failed otherwise: " + failure;
        }
        if (expected.fail) {
            return "did not fail";
        }
        String annotations = annotations("warnings", result.warnings(), expected.warnings, expected.noWarning);
        if (annotations == null) {
            annotations = annotations("infos", result.infos(), expected.infos, expected.noInfo);
        }
        return annotations == null ? checkValues(result) : annotations;
    }

    private static String annotations(String kind, List<String> found, List<Predicate<String>> wanted, boolean none) {
        if (none && !found.isEmpty()) {
            return kind + ": " + found;
        }
        if (wanted.isEmpty()) {
            return null;
        }
        boolean all = found.stream().allMatch(text -> wanted.stream().anyMatch(w -> matches(w, text)));
        boolean each = wanted.stream().allMatch(w -> found.stream().anyMatch(text -> matches(w, text)));
        return all && each ? null : kind + ": " + found;
    }

    /** With or without where it arose. */
    private static boolean matches(Predicate<String> wanted, String text) {
        return wanted.test(text) || wanted.test(text.replaceAll(" \\(\\d+:\\d+\\)$", ""));
    }

    String checkValues(QueryResult result) {
        if (expected.string != null) {
            return result.text().equals(expected.string) ? null : "string: " + result.text();
        }
        if (expected.scalar != null && !eval.isRange()) {
            boolean one = result.type() == ValueType.SCALAR;
            double value = one ? result.series().get(0).value(0) : Double.NaN;
            return one && isSame(value, expected.scalar) ? null : "scalar: " + value;
        }
        if (eval.isRange()) {
            return compare(points(result), wantedRange(eval.startMillis(), eval.stepMillis()));
        }
        if (expected.vectorStartMillis != null) {
            return compare(points(result), wantedRange(expected.vectorStartMillis, expected.vectorStepMillis));
        }
        String values = compare(instantPoints(result), wantedInstant());
        if (values == null && expected.ordered) {
            List<Labels> found =
                    result.series().stream().map(ResultSeries::labels).toList();
            List<Labels> wanted =
                    expected.series.stream().map(Script.SeriesLine::labels).toList();
            return found.equals(wanted) ? null : "order: " + found;
        }
        return values;
    }

    /** The point at the time of the query, of a range around it. */
    String checkMiddle(QueryResult result, long time) {
        Map<Labels, Map<Long, Double>> found = new HashMap<>();
        points(result).forEach((labels, points) -> {
            if (points.containsKey(time)) {
                found.put(labels, Map.of(0L, points.get(time)));
            }
        });
        if (expected.scalar != null) {
            return compare(found, Map.of(Labels.EMPTY, Map.of(0L, expected.scalar)));
        }
        return compare(found, wantedInstant());
    }

    private Map<Labels, Map<Long, Double>> wantedInstant() {
        Map<Labels, Map<Long, Double>> wanted = new HashMap<>();
        expected.series.forEach(line ->
                wanted.put(line.labels(), Map.of(0L, line.values().get(0).number())));
        return wanted;
    }

    private Map<Labels, Map<Long, Double>> wantedRange(long start, long step) {
        Map<Labels, Map<Long, Double>> wanted = new HashMap<>();
        for (Script.SeriesLine line : expected.series) {
            Map<Long, Double> points = new TreeMap<>();
            for (int i = 0; i < line.values().size(); i++) {
                if (!line.values().get(i).gap()) {
                    points.put(start + i * step, line.values().get(i).number());
                }
            }
            wanted.put(line.labels(), points);
        }
        return wanted;
    }

    private static Map<Labels, Map<Long, Double>> instantPoints(QueryResult result) {
        Map<Labels, Map<Long, Double>> found = new HashMap<>();
        result.series().forEach(series -> found.put(series.labels(), Map.of(0L, series.value(0))));
        return found;
    }

    private static Map<Labels, Map<Long, Double>> points(QueryResult result) {
        Map<Labels, Map<Long, Double>> found = new HashMap<>();
        List<Labels> order = new ArrayList<>();
        for (ResultSeries series : result.series()) {
            Map<Long, Double> points = new TreeMap<>();
            for (int i = 0; i < series.size(); i++) {
                points.put(series.timeMillis(i), series.value(i));
            }
            found.put(series.labels(), points);
            order.add(series.labels());
        }
        List<Labels> sorted = order.stream().sorted().toList();
        return sorted.equals(order) ? found : Map.of(Labels.of("not", "sorted"), Map.of());
    }

    private static String compare(Map<Labels, Map<Long, Double>> found, Map<Labels, Map<Long, Double>> wanted) {
        boolean same = found.keySet().equals(wanted.keySet())
                && wanted.entrySet().stream().allMatch(entry -> isSame(found.get(entry.getKey()), entry.getValue()));
        return same ? null : "found " + new TreeMap<>(found) + ", wanted " + new TreeMap<>(wanted);
    }

    private static boolean isSame(Map<Long, Double> found, Map<Long, Double> wanted) {
        return found.keySet().equals(wanted.keySet())
                && wanted.entrySet().stream().allMatch(point -> isSame(found.get(point.getKey()), point.getValue()));
    }

    static boolean isSame(double a, double b) {
        if (a == b || (Double.isNaN(a) && Double.isNaN(b))) {
            return true;
        }
        double sum = Math.abs(a) + Math.abs(b);
        double difference = Math.abs(a - b);
        if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
            return difference < TOLERANCE * Double.MIN_NORMAL;
        }
        return difference / Math.min(sum, Double.MAX_VALUE) < TOLERANCE;
    }
}

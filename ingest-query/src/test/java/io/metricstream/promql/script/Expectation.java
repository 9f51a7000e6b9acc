package io.metricstream.promql.script;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a script says about the result of a query. */
public final class Expectation {
    boolean fail;
    boolean ordered;
    boolean noWarning;
    boolean noInfo;
    Double scalar;
    String string;
    Long vectorStartMillis;
    Long vectorStepMillis;
    final List<Script.SeriesLine> series = new ArrayList<>();
    final List<Predicate<String>> failures = new ArrayList<>();
    final List<Predicate<String>> warnings = new ArrayList<>();
    final List<Predicate<String>> infos = new ArrayList<>();

    /** A word behind {@code eval_}. */
    void old(String word) {
        switch (word) {
            case "fail" -> fail = true;
            case "ordered" -> ordered = true;
            case "warn" -> warnings.add(any -> true);
            case "info" -> infos.add(any -> true);
            default -> throw new IllegalArgumentException("eval_" + word);
        }
    }

    void read(String line) {
        String[] words = line.split("\\s+", 3);
        String rest = words.length > 2 ? words[2] : "";
        switch (words[0] + " " + (words[0].equals("expect") ? words[1] : "")) {
            case "expect fail" -> {
                fail = true;
                failures.add(text(rest));
            }
            case "expect warn" -> warnings.add(text(rest));
            case "expect info" -> infos.add(text(rest));
            case "expect no_warn" -> noWarning = true;
            case "expect no_info" -> noInfo = true;
            case "expect ordered" -> ordered = true;
            case "expected_fail_message " -> failures.add(line.substring("expected_fail_message ".length())::equals);
            case "expected_fail_regexp " ->
                failures.add(Pattern.compile(line.substring("expected_fail_regexp ".length()))
                        .asPredicate());
            default -> throw new IllegalArgumentException(line);
        }
    }

    private static Predicate<String> text(String rest) {
        if (rest.startsWith("msg:")) {
            return rest.substring("msg:".length()).strip()::equals;
        }
        if (rest.startsWith("regex:")) {
            return Pattern.compile(rest.substring("regex:".length()).strip()).asPredicate();
        }
        return any -> true;
    }

    boolean hasHistogram() {
        return series.stream().anyMatch(Script.SeriesLine::hasHistogram);
    }
}

package io.metricstream.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The queries of Prometheus's compliance test, each with every choice of what its template leaves open. */
final class ComplianceQueries {
    private static final Map<String, List<String>> CHOICES = Map.ofEntries(
            Map.entry("range", List.of("1s", "15s", "1m", "5m", "15m", "1h")),
            Map.entry("offset", List.of("1m", "5m", "10m")),
            Map.entry("simpleAggrOp", List.of("sum", "avg", "max", "min", "count", "stddev", "stdvar")),
            Map.entry(
                    "simpleTimeAggrOp",
                    List.of("sum", "avg", "max", "min", "count", "stddev", "stdvar", "absent", "last")),
            Map.entry("topBottomOp", List.of("topk", "bottomk")),
            Map.entry("quantile", List.of("-0.5", "0.1", "0.5", "0.75", "0.95", "0.90", "0.99", "1", "1.5")),
            Map.entry("arithBinOp", List.of("+", "-", "*", "/", "%", "^")),
            Map.entry("compBinOp", List.of("==", "!=", "<", ">", "<=", ">=")),
            Map.entry("binOp", List.of("+", "-", "*", "/", "%", "^", "==", "!=", "<", ">", "<=", ">=")),
            Map.entry("simpleMathFunc", List.of("abs", "ceil", "floor", "exp", "sqrt", "ln", "log2", "log10", "round")),
            Map.entry("extrapolatedRateFunc", List.of("delta", "rate", "increase")),
            Map.entry("clampFunc", List.of("clamp_min", "clamp_max")),
            Map.entry("instantRateFunc", List.of("idelta", "irate")),
            Map.entry(
                    "dateFunc",
                    List.of("day_of_month", "day_of_week", "days_in_month", "hour", "minute", "month", "year")));

    private ComplianceQueries() {}

    /** A query, and whether it must be refused. */
    record Query(String text, boolean shouldFail) {}

    static List<Query> read(Path file) throws IOException {
        var queries = new ArrayList<Query>();
        for (JsonNode one : new YAMLMapper().readTree(Files.readString(file)).get("test_cases")) {
            List<String> texts = List.of(one.get("query").asString());
            for (JsonNode open : one.path("variant_args")) {
                texts = expand(texts, open.asString());
            }
            boolean shouldFail = one.path("should_fail").asBoolean(false);
            texts.forEach(text -> queries.add(new Query(text, shouldFail)));
        }
        return queries;
    }

    private static List<String> expand(List<String> texts, String open) {
        return texts.stream()
                .flatMap(text -> CHOICES.get(open).stream().map(choice -> text.replace("{{." + open + "}}", choice)))
                .toList();
    }
}

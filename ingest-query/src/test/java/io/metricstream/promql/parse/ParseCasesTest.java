package io.metricstream.promql.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Expressions of the reference's own tests. */
final class ParseCasesTest {
    private static List<JsonNode> cases() throws IOException {
        var cases = new ArrayList<JsonNode>();
        new JsonMapper().readTree(ConformanceFiles.read("parse_cases.json")).forEach(cases::add);
        assertThat(cases).hasSizeGreaterThan(100);
        return cases;
    }

    @Test
    void takesWhatTheReferenceTakes() throws Exception {
        for (JsonNode node : cases()) {
            if (node.get("ok").asBoolean() && !node.has("tags")) {
                String input = node.get("input").asString();
                Expr expr = PromParser.parse(input);
                assertThat(expr.getClass().getSimpleName())
                        .as(input)
                        .isEqualTo(ourName(node.get("node").asString()));
                String printed = expr.toString();
                assertThat(PromParser.parse(printed).toString()).as(input).isEqualTo(printed);
            }
        }
    }

    private static String ourName(String node) {
        return switch (node) {
            case "BinaryExpr" -> "Binary";
            case "UnaryExpr" -> "Unary";
            case "AggregateExpr" -> "Aggregate";
            case "SubqueryExpr" -> "Subquery";
            default -> node;
        };
    }

    @Test
    void refusesWhatTheReferenceRefusesInItsWords() throws Exception {
        for (JsonNode node : cases()) {
            if (!node.get("ok").asBoolean() && !node.has("tags")) {
                String input = node.get("input").asString();
                String words = node.get("errors").isEmpty()
                        ? ""
                        : node.get("errors").get(0).asString();
                for (int twice = 0; twice < 2; twice++) {
                    assertThatThrownBy(() -> PromParser.parse(input))
                            .as(input)
                            .isInstanceOf(ParseException.class)
                            .hasMessageContaining(words);
                }
            }
        }
    }
}

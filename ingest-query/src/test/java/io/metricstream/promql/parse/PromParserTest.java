package io.metricstream.promql.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What is read, how it is written, and that nothing else can happen than a refusal. */
final class PromParserTest {
    private static void prints(String query, String canonical) throws ParseException {
        assertThat(PromParser.parse(query).toString()).isEqualTo(canonical);
        assertThat(PromParser.parse(canonical).toString()).isEqualTo(canonical);
    }

    private static void refuses(String query, String message) {
        assertThatThrownBy(() -> PromParser.parse(query)).as(query).hasMessage(message);
    }

    @Test
    void writesTheCanonicalText() throws Exception {
        prints("sum by(a,b)(x)", "sum by (a, b) (x)");
        prints("sum(x)by(a)", "sum by (a) (x)");
        prints("SUM without () (x)", "sum without () (x)");
        prints(
                "topk(5, rate(x{b!='c',a=\"b\"}[5m] offset 1h30m @ 10))",
                "topk(5, rate(x{a=\"b\",b!=\"c\"}[5m] @ 10.000 offset 1h30m))");
        prints("a + on (x, ) group_left ( ) b ^ -2", "a + on (x) group_left () b ^ -2");
        prints("a == bool 1 # comment", "a == bool 1");
        prints("x[1h:] offset -5m", "x[1h:] offset -5m");
        prints("max_over_time(x[90d:12w])", "max_over_time(x[90d:12w])");
        prints("{\"my.metric\", \"a.b\"=`c\\d`}", "{\"a.b\"=\"c\\\\d\",__name__=\"my.metric\"}");
        prints("0x10 + 010 + 1e3 + .5 + 1_000 + 1m", "16 + 8 + 1000 + 0.5 + 1000 + 1m");
        prints("-x @ end() - +Inf", "-x @ end() - +Inf");
        prints("sum by (sum, \"a b\") (by{on=\"x\"})", "sum by (sum, \"a b\") (by{on=\"x\"})");
        prints("foo[2*(1m+30)]", "foo[3m]");
        prints("foo offset (-2 ^ 2)", "foo offset -4s");
        prints("foo offset -2 ^ 2", "foo offset -2s ^ 2");
        prints("\"\\xff\\u00e4\\t\"", "\"\\xff\u00e4\\t\"");
    }

    @Test
    void bindsAsTheReferenceDoes() throws Exception {
        assertThat(PromParser.parse("a + b * c ^ d ^ e")).isInstanceOfSatisfying(Expr.Binary.class, sum -> {
            assertThat(sum.op()).isEqualTo(BinaryOp.ADD);
            Expr.Binary product = (Expr.Binary) sum.right();
            Expr.Binary power = (Expr.Binary) product.right();
            assertThat(power.right()).hasToString("d ^ e");
        });
        assertThat(PromParser.parse("-a ^ b")).isInstanceOf(Expr.Unary.class);
        assertThat(PromParser.parse("-a * b")).isInstanceOf(Expr.Binary.class);
        assertThat(PromParser.parse("a or b and c unless d"))
                .isInstanceOfSatisfying(
                        Expr.Binary.class, or -> assertThat(or.op()).isEqualTo(BinaryOp.OR));
        assertThat(PromParser.parse("a - b - c"))
                .isInstanceOfSatisfying(
                        Expr.Binary.class, minus -> assertThat(minus.left()).hasToString("a - b"));
    }

    @Test
    void knowsWhereEverythingStands() throws Exception {
        Expr.Binary binary = (Expr.Binary) PromParser.parse("  foo  +\n rate(bar[5m] offset 1m)");
        assertThat(binary.left().position()).isEqualTo(new Position(2, 5));
        assertThat(binary.right().position()).isEqualTo(new Position(10, 33));
        assertThat(((Expr.Call) binary.right()).arguments().get(0).position()).isEqualTo(new Position(15, 32));
        assertThat(binary.right().position().lineAndColumn("  foo  +\n rate(bar[5m] offset 1m)"))
                .isEqualTo("2:2");
    }

    @Test
    void tellsWhatIsWrongAndWhere() {
        refuses("", "1:1: parse error: no expression found in input");
        refuses("foo{a=}", "1:7: parse error: unexpected \"}\" in label matching, expected string");
        refuses("sum(x,)", "1:6: parse error: trailing commas not allowed in function call args");
        refuses(
                "\n\n rate(foo)",
                "3:7: parse error: expected type range vector in call to function \"rate\", got instant vector");
        refuses(
                "\"\u00e4\" + foo",
                "1:1: parse error: binary expression must contain only scalar and instant vector types");
        refuses("1 == 1", "1:3: parse error: comparisons between scalars must use BOOL modifier");
        refuses("foo offset 5m offset 1m", "1:1: parse error: offset may not be set multiple times");
        refuses("foo $", "1:5: parse error: unexpected character: '$'");
        refuses("foo bar", "1:5: parse error: unexpected identifier \"bar\"");
        refuses("foo[5m:1s:2s]", "1:10: parse error: unexpected repeated colon in duration expression");
        refuses("foo{a=~\"(\"}", "1:5: parse error: not a regular expression: found=(, cause=missing closing )");
        refuses("foo[5m] anchored", "1:1: parse error: anchored modifier is experimental and not enabled");
    }

    @Test
    void boundsTheDepth() throws Exception {
        String chain = "1" + "+1".repeat(300);
        assertThat(PromParser.parse(chain).toString()).hasSize(1 + 300 * 4);
        for (String deep : List.of(
                "(".repeat(100_000),
                "-".repeat(100_000) + "x",
                "1" + "+1".repeat(100_000),
                "1" + "^1".repeat(100_000),
                "abs(".repeat(100_000),
                "foo[" + "(".repeat(100_000),
                "foo offset " + "-".repeat(100_000) + "1",
                "x" + "[1m:]".repeat(100_000))) {
            assertThatThrownBy(() -> PromParser.parse(deep))
                    .isInstanceOf(ParseException.class)
                    .hasMessageContaining("nested too deep");
        }
    }

    @Provide
    Arbitrary<String> almostQueries() {
        return Arbitraries.of(
                        "foo",
                        "sum",
                        "by",
                        "(",
                        ")",
                        "{",
                        "}",
                        "[",
                        "]",
                        "5m",
                        "1",
                        "0x",
                        "1e",
                        "\"a\"",
                        "'",
                        "`",
                        "\\",
                        "=",
                        "~",
                        "!=",
                        "+",
                        "-",
                        "^",
                        "@",
                        "offset",
                        "start()",
                        "on",
                        "group_left",
                        "bool",
                        ",",
                        ":",
                        "#",
                        "\n",
                        " ",
                        "rate",
                        "topk",
                        "and",
                        "\ud800",
                        "\u00e4",
                        "$",
                        "1y2w",
                        "inf",
                        "le",
                        "_")
                .list()
                .ofMaxSize(24)
                .map(words -> String.join("", words));
    }

    @Test
    void infinityToAPowerIsPrintedWithoutASign() throws ParseException {
        String printed = PromParser.parse("Inf ^ foo").toString();

        assertThat(printed).isEqualTo("Inf ^ foo");
        assertThat(PromParser.parse(printed).toString()).isEqualTo(printed);
        assertThat(PromParser.parse("+Inf ^ foo").toString()).isEqualTo("+Inf ^ foo");
    }

    @Property(tries = 3000)
    void anyTextIsReadOrRefused(@ForAll @From("almostQueries") String text) {
        try {
            String printed = PromParser.parse(text).toString();
            assertThat(PromParser.parse(printed).toString()).isEqualTo(printed);
        } catch (ParseException refused) {
            assertThat(refused).hasMessageContaining("parse error: ");
        }
    }

    @Property(tries = 1000)
    void anyCharactersAreReadOrRefused(@ForAll String text) {
        try {
            assertThat(PromParser.parse(text)).isNotNull();
        } catch (ParseException refused) {
            assertThat(refused).hasMessageContaining("parse error: ");
        }
    }
}

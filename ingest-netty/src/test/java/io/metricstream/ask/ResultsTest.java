package io.metricstream.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.promql.engine.QueryStats;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.promql.parse.ValueType;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Results as people and programs are shown them. */
final class ResultsTest {
    private interface Writing {
        void write(PrintWriter out);
    }

    private static String written(Writing writing) {
        var text = new StringWriter();
        var out = new PrintWriter(text);
        writing.write(out);
        out.flush();
        return text.toString();
    }

    private static QueryResult result(ValueType type, String text, ResultSeries... series) {
        return new QueryResult(type, 1500, List.of(series), text, List.of(), List.of(), new QueryStats(0, 0, 0, 0, 0));
    }

    private static ResultSeries series(Labels labels, double... values) {
        long[] times = new long[values.length];
        for (int i = 0; i < times.length; i++) {
            times[i] = i * 1000L;
        }
        return new ResultSeries(labels, times, values);
    }

    private static String table(QueryResult result) {
        return written(out -> ResultTable.write(result, out));
    }

    private static String csv(QueryResult result) {
        return written(out -> ResultCsv.write(result, out));
    }

    private static String chart(int columns, boolean colored, ResultSeries... series) {
        QueryRequest asked = QueryRequest.range("x", 0, 10_000, 1000);
        return written(out -> ResultChart.write(asked, List.of(series), columns, colored, out));
    }

    @Test
    void tablesHaveALineForEachSeriesOfAMoment() {
        QueryResult moment = result(
                ValueType.VECTOR,
                "",
                series(Labels.of(Labels.NAME, "up", "job", "x"), 1),
                series(Labels.of(Labels.NAME, "my.metric", "a b", "\u001b[31m\n"), -1234567.5),
                series(Labels.EMPTY, Double.NaN));
        assertThat(table(moment)).isEqualTo("""
                VALUE       SERIES
                1           up{job="x"}
                -1234567.5  {"a b"="\\x1b[31m\\n",__name__="my.metric"}
                NaN         {}
                """);
        assertThat(table(result(ValueType.VECTOR, ""))).isEmpty();
    }

    @Test
    void tablesHaveALineForEachPointOfARange() {
        QueryResult range = result(
                ValueType.MATRIX,
                "",
                series(Labels.of(Labels.NAME, "up", "job", "x"), 1, Double.POSITIVE_INFINITY),
                series(Labels.EMPTY, 0.5));
        assertThat(table(range)).isEqualTo("""
                up{job="x"}
                  1970-01-01T00:00:00.000Z  1
                  1970-01-01T00:00:01.000Z  +Inf

                {}
                  1970-01-01T00:00:00.000Z  0.5
                """);
    }

    @Test
    void scalarsAndTextsStandAlone() {
        assertThat(table(result(ValueType.SCALAR, "", series(Labels.EMPTY, 2)))).isEqualTo("2\n");
        assertThat(table(result(ValueType.STRING, "a\u0007b"))).isEqualTo("\"a\\ab\"\n");
    }

    @Test
    void csvHasARowForEachPoint() {
        QueryResult range =
                result(ValueType.MATRIX, "", series(Labels.of(Labels.NAME, "up", "job", "a,\"b\""), 1, 1e21));
        String tags = "\"{\"\"job\"\":\"\"a,\\\"\"b\\\"\"\"\"}\"\n";
        assertThat(csv(range))
                .isEqualTo("timestamp,name,value,tags\n"
                        + "1970-01-01T00:00:00.000Z,up,1," + tags
                        + "1970-01-01T00:00:01.000Z,up,\"1e+21\"," + tags);
        assertThat(csv(result(ValueType.STRING, "é"))).endsWith("\n1970-01-01T00:00:01.500Z,,é,{}\n");
        assertThat(csv(result(ValueType.VECTOR, ""))).isEqualTo("timestamp,name,value,tags\n");
    }

    @Test
    void chartsDrawLinesOverTheWholeWidthWithALegend() {
        double[] rising = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        List<String> lines = chart(60, false, series(Labels.of(Labels.NAME, "up"), rising))
                .lines()
                .toList();
        assertThat(lines).hasSize(16 + 3);
        assertThat(lines.get(0)).startsWith("   10 │").endsWith("⠔⠊").hasSize(60);
        assertThat(lines.get(15)).startsWith("    0 │⡠⠔").hasSizeLessThan(20);
        assertThat(lines.get(16)).startsWith("      └────").hasSize(60);
        assertThat(lines.get(17))
                .startsWith("       1970-01-01T00:00:00Z")
                .endsWith(" 1970-01-01T00:00:10Z")
                .hasSize(60);
        assertThat(lines.get(18)).isEqualTo("── up  min 0, max 10, last 10");
    }

    @Test
    void chartsBreakLinesAtGapsAndLeaveOutWhatIsNotFinite() {
        long[] times = {0, 1000, 9000, 10_000};
        var gap = new ResultSeries(Labels.EMPTY, times, new double[] {1, 1, 1, Double.POSITIVE_INFINITY});
        List<String> drawn = chart(40, false, gap).lines().limit(16).toList();
        assertThat(drawn)
                .filteredOn(line -> line.codePoints().anyMatch(c -> c > 0x2800 && c < 0x2900))
                .singleElement()
                .asString()
                .containsPattern("│[⠀-⣿]{3,5} {20,}[⠀-⣿]$");
    }

    @Test
    void chartsTakeAnyNumbers() {
        double most = Double.MAX_VALUE;
        assertThat(chart(40, false, series(Labels.EMPTY, most, -most, most))).contains(" 5.992e+307 │");
        assertThat(chart(0, false, series(Labels.EMPTY, 7, 7))).contains("7");
        assertThat(chart(40, false, series(Labels.EMPTY, Double.MIN_VALUE, 0))).contains("min 0");
        assertThat(chart(40, false, series(Labels.EMPTY, Double.NaN))).isEmpty();
        assertThat(chart(40, false)).isEmpty();
    }

    @Test
    void chartsTellSeriesApartByColoursWhereThereAreAny() {
        ResultSeries one = series(Labels.of("a", "1"), 1, 2);
        ResultSeries other = series(Labels.of("a", "2"), 2, 1);
        assertThat(chart(40, true, one, other))
                .contains("\u001b[32m──\u001b[0m {a=\"1\"}", "\u001b[35m──\u001b[0m {a=\"2\"}");
        assertThat(chart(40, false, one, other)).doesNotContain("\u001b");
    }

    @Test
    void legendsEnd() {
        ResultSeries[] many = new ResultSeries[25];
        for (int i = 0; i < many.length; i++) {
            many[i] = series(Labels.of("a", String.valueOf(i)), i);
        }
        assertThat(chart(40, false, many)).endsWith("and 5 more\n");
    }

    @Test
    void errorsAreMarkedWhereTheyAre() {
        assertThat(ErrorPlace.show("1:5: parse error: no", "sum(é"))
                .isEqualTo("1:5: parse error: no\n  sum(é\n      ^");
        assertThat(ErrorPlace.show("2:4: x", "a +\n\té)")).isEqualTo("2:4: x\n  \té)\n  \t ^");
        assertThat(ErrorPlace.show("1:99: x", "a")).endsWith("\n  a\n   ^");
        assertThat(ErrorPlace.show("7:1: x", "a")).isEqualTo("7:1: x");
        assertThat(ErrorPlace.show("no such thing", "a")).isEqualTo("no such thing");
    }
}

package io.metricstream.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.metricstream.model.MetricType;
import io.metricstream.model.Series;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SelectorParserTest {
    private static final Series CPU =
            new Series(MetricType.GAUGE, "cpu_usage", Map.of("host", "server1", "region", "eu-west", "zone", "b"));
    private static final Series BARE = new Series(MetricType.GAUGE, "cpu usage.é", Map.of());

    private static void reads(String selector, String... matchers) throws SelectorException {
        assertThat(SelectorParser.parse(selector).stream()
                        .map(m -> m.label() + m.op().text() + '"' + m.value() + '"')
                        .toList())
                .as(selector)
                .containsExactly(matchers);
    }

    private static void refuses(String selector, int position, String... words) {
        for (int attempt = 0; attempt < 2; attempt++) {
            var refused = catchThrowableOfType(SelectorException.class, () -> SelectorParser.parse(selector));
            assertThat(refused).as(selector).isNotNull();
            assertThat(refused.position()).as("%s: %s", selector, refused).isEqualTo(position);
            assertThat(refused.getMessage())
                    .startsWith("character " + (position + 1) + ": ")
                    .contains(words);
        }
    }

    private static boolean selects(String selector, Series series) throws SelectorException {
        return SelectorParser.parse(selector).stream().allMatch(m -> m.matches(series.label(m.label())));
    }

    @Test
    void readsNamesAndMatchers() throws Exception {
        reads("cpu_usage", "__name__=\"cpu_usage\"");
        reads("  job:up:sum5m {  } ", "__name__=\"job:up:sum5m\"");
        reads("{}");
        reads(
                "cpu_usage{host=\"server1\",region=~\"eu-.*\",zone!=\"a\",}",
                "__name__=\"cpu_usage\"",
                "host=\"server1\"",
                "region=~\"eu-.*\"",
                "zone!=\"a\"");
        reads("{__name__=~'cpu.*' , _a1 !~ `x\\d`}", "__name__=~\"cpu.*\"", "_a1!~\"x\\d\"");
        reads("{ # all\n a=\"b\" # of them\n}", "a=\"b\"");
        reads("{a=\"b\",a!=\"c\"}", "a=\"b\"", "a!=\"c\"");
        reads("{__name__=~\"a.*\",__name__!=\"ab\"}", "__name__=~\"a.*\"", "__name__!=\"ab\"");
        reads("cpu{a=\"b\",__name__!=\"\"}", "__name__=\"cpu\"", "a=\"b\"", "__name__!=\"\"");
        assertThat(selects("cpu_usage{__name__!=\"\"}", CPU)).isTrue();
        assertThat(selects("cpu_usage{__name__=\"other\"}", CPU)).isFalse();
    }

    @Test
    void readsQuotedNames() throws Exception {
        reads("{\"my.metric\"}", "__name__=\"my.metric\"");
        reads("{\"my.metric\",\"my.tag\"=\"x\"}", "__name__=\"my.metric\"", "my.tag=\"x\"");
        reads("{a=\"b\",'my.metric'}", "__name__=\"my.metric\"", "a=\"b\"");
    }

    @Test
    void readsEscapes() throws Exception {
        reads("{a=\"\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"\"}", "a=\"\u0007\b\f\n\r\t\u000b\\'\"\"");
        reads("{a='\\101\\x42\\u0043\\U0001F600'}", "a=\"ABC😀\"");
        reads("{a=\"\\xc3\\xa9é\"}", "a=\"éé\"");
        reads("{a=`\\n\n'\"`}", "a=\"\\n\n'\"\"");
    }

    @Test
    void refusesWhatIsNoSelectorAndSaysWhere() {
        refuses("", 0, "found the end, wanted a metric name or {");
        refuses("1up", 0, "found \"1\"", "wanted a metric name or {");
        refuses("my.metric", 2, "found \".\"", "{\"my.metric\"}");
        refuses("cpu{host}", 8, "found \"}\", wanted one of = != =~ !~");
        refuses("cpu{host=server1}", 9, "found \"s\", wanted a quoted text");
        refuses("cpu{host=\"a\"", 12, "found the end, wanted , or }");
        refuses("cpu{host=\"a\" zone=\"b\"}", 13, "found \"z\", wanted , or }");
        refuses("cpu{,}", 4, "found \",\"");
        refuses("cpu{a=\"b\",,}", 10, "found \",\"");
        refuses("cpu{}[5m]", 5, "found \"[\", wanted the end");
        refuses("cpu{a==\"b\"}", 6, "found \"=\", wanted a quoted text");
        refuses("cpu{a:b=\"c\"}", 5, "found \":\"");
        refuses("cpu{é=\"c\"}", 4, "found \"é\"");
        refuses("cpu{a=\"b}", 6, "found a text without an end");
        refuses("cpu{a=\"\n\"}", 7, "found a line break");
        refuses("cpu{a=\"\\d\"}", 7, "unknown escape", "backticks");
        refuses("cpu{a=\"\\", 7, "unknown escape");
        refuses("cpu{a=\"\\x4\"}", 7, "not finished, wanted 2 digits");
        refuses("cpu{a=\"\\400\"}", 7, "above \\377");
        refuses("cpu{a=\"\\ud800\"}", 7, "half of a character");
        refuses("cpu{a=\"\\UFFFFFFFF\"}", 7, "found");
        refuses("cpu{a=\"\\xff\"}", 6, "not UTF-8");
        refuses("cpu{\"x\"}", 4, "second metric name");
        refuses("{\"x\",\"y\"}", 5, "second metric name");
    }

    @Test
    void refusesBadRegularExpressions() throws Exception {
        refuses("{a=~\"(\"}", 4, "not a regular expression", "found=(");
        refuses("{a!~\"(?=x)\"}", 4, "not a regular expression");
        refuses("{a=~`(a)\\1`}", 4, "not a regular expression");
        refuses("{a=~`(((a{99}){99}){99}){99}`}", 4, "too large");
        refuses("{a=~`((a{999}){999}){999}`}", 4, "too large");
        refuses("{a=~`(?:[])}]{0,900}\\Q{\\E|b){900,}`}", 4, "too large");
        assertThat(selects("{a!~`([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.){1,8}[a-z]{2,63}`}", CPU))
                .isTrue();
    }

    @Test
    void selectsByWholeValues() throws Exception {
        assertThat(selects("cpu_usage{host=\"server1\",region=~\"eu-.*\",zone!=\"a\"}", CPU))
                .isTrue();
        assertThat(selects("cpu_usage{zone!=\"b\"}", CPU)).isFalse();
        assertThat(selects("cpu_usag", CPU)).isFalse();
        assertThat(selects("{region=~\"eu\"}", CPU)).isFalse();
        assertThat(selects("{region=~\"us|eu-west\"}", CPU)).isTrue();
        assertThat(selects("{region=~\"eu|eu-west\"}", CPU)).isTrue();
        assertThat(selects("{region!~\"west\"}", CPU)).isTrue();
        assertThat(selects("{__name__=~\"cpu.*\"}", BARE)).isTrue();
        assertThat(selects("{\"cpu usage.é\"}", BARE)).isTrue();
        assertThat(selects("{a=~\"x.y\"}", new Series(MetricType.GAUGE, "n", Map.of("a", "x\ny"))))
                .isTrue();
    }

    @Test
    void takesAMissingLabelForTheEmptyText() throws Exception {
        assertThat(selects("{rack=\"\"}", CPU)).isTrue();
        assertThat(selects("{zone=\"\"}", CPU)).isFalse();
        assertThat(selects("{rack!=\"a\"}", CPU)).isTrue();
        assertThat(selects("{rack!=\"\"}", CPU)).isFalse();
        assertThat(selects("{rack=~\".*\"}", CPU)).isTrue();
        assertThat(selects("{rack=~\".+\"}", CPU)).isFalse();
        assertThat(selects("{rack!~\"a|\"}", CPU)).isFalse();
        assertThat(selects("{}", BARE)).isTrue();
    }

    @Test
    void matchesAdversarialTextsInLinearTime() {
        var matcher = new Matcher("a", MatchOp.REGEX, "(x+x+)+y");
        assertThat(matcher.matches("x".repeat(20_000))).isFalse();
        assertThat(matcher.matches("x".repeat(20_000) + "y")).isTrue();
        assertThatThrownBy(() -> new Matcher("a", MatchOp.REGEX, "[")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesOrReadsWhateverComes() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("SelectorParserTest: seed=" + seed);
        var random = new Random(seed);
        List<String> pieces = List.of(
                "{", "}", "=", "~", "!", ",", "\"", "'", "`", "\\", "a", "é", "😀", "x4", "\n", " ", "(", "[", "{2}",
                "#");
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder(random.nextBoolean() ? "a{b=~\"" : "");
            for (int j = random.nextInt(12); j > 0; j--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            try {
                SelectorParser.parse(text.toString()).forEach(m -> m.matches("x"));
            } catch (SelectorException refused) {
                assertThat(refused.position()).isBetween(0, text.length());
            }
        }
    }
}

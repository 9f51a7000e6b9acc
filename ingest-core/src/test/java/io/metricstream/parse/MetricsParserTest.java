package io.metricstream.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsParserTest {
    private final Probe probe = new Probe();

    @Test
    void readsEveryFieldOfAMetric() {
        accepts("""
                {"name":"cpu_usage","value":75.5,"type":"counter","tags":{"host":"server1","az":"b"},
                 "timestamp":1763899999999}""", "cpu_usage{az=b, host=server1} counter 75.5@1763899999999");
    }

    @Test
    void fillsInWhatIsAbsentOrNull() {
        accepts("{\"name\":\"a\",\"value\":1}", "a{} gauge 1.0@now");
        accepts("{\"name\":\"a\",\"value\":1,\"type\":null,\"tags\":null,\"timestamp\":null}", "a{} gauge 1.0@now");
        accepts("{\"name\":\"a\",\"value\":1,\"tags\":{}}", "a{} gauge 1.0@now");
    }

    @Test
    void ignoresUnknownFieldsAtBothLevels() {
        assertThat(probe.parse(
                        "{\"x\":[1,{\"metrics\":3}],\"metrics\":[{\"name\":\"a\",\"value\":1,\"y\":{\"name\":[]}}],"
                                + "\"z\":null}"))
                .isTrue();
        assertThat(probe.samples()).containsExactly("a{} gauge 1.0@now");
    }

    @Test
    void takesTheLastOfRepeatedFields() {
        accepts("{\"name\":\"a\",\"name\":\"b\",\"value\":\"x\",\"value\":2}", "b{} gauge 2.0@now");
        accepts("{\"name\":\"a\",\"value\":1,\"tags\":{\"k\":5},\"tags\":{\"l\":\"v\"}}", "a{l=v} gauge 1.0@now");
        accepts(
                "{\"name\":\"a\",\"value\":1,\"timestamp\":1763900000001,\"timestamp\":null,\"type\":\"x\","
                        + "\"type\":\"summary\"}",
                "a{} summary 1.0@now");
        rejects(
                "{\"name\":\"a\",\"value\":1,\"value\":null}",
                "value",
                RejectReason.VALUE,
                "found null, wanted a number");
    }

    @Test
    void takesTheLastOfRepeatedLists() {
        assertThat(probe.parse(
                        "{\"metrics\":[1,{\"name\":\"a\",\"value\":1}],\"metrics\":[{\"name\":\"b\",\"value\":2}]}"))
                .isTrue();
        assertThat(probe.samples()).containsExactly("b{} gauge 2.0@now");
        assertThat(probe.report.received()).isEqualTo(1);
        refuses("{\"metrics\":[],\"metrics\":7}", ParseReport.INVALID_REQUEST, 0, 0);
    }

    @Test
    void leavesEmptyTagValuesOut() {
        accepts("{\"name\":\"a\",\"value\":1,\"tags\":{\"b\":\"\",\"c\":\"d\",\"e\":null}}", "a{c=d} gauge 1.0@now");
    }

    @Test
    void refusesTagsThatAreNotUniqueStrings() {
        rejectsTags("{\"k\":5}", "tags.k", "found a number, wanted a string");
        rejectsTags("{\"k\":true}", "tags.k", "found true, wanted a string");
        rejectsTags("{\"k\":{\"l\":\"m\"}}", "tags.k", "found an object, wanted a string");
        rejectsTags("{\"k\":[\"l\"]}", "tags.k", "found an array, wanted a string");
        rejectsTags("{\"k\":\"v\",\"k\":\"v\"}", "tags.k", "found the key twice, wanted each once");
        rejectsTags("{\"k\":\"\",\"k\":\"v\"}", "tags.k", "found the key twice, wanted each once");
        rejectsTags("{\"k\":\"v\",\"l\":\"w\",\"k\":\"\"}", "tags.k", "found the key twice, wanted each once");
        rejectsTags("{\"\":\"v\"}", "tags.", "found an empty key, wanted at least one character");
        rejectsTags(
                "{\"__name__\":\"v\"}", "tags.__name__", "found the key __name__, which stands for the metric's name");
        rejectsTags("{\"a\\u0001\":\"v\"}", "tags.a\u0001", "found a control character in the key");
        rejectsTags("{\"k\":\"\\ud800\"}", "tags.k", "found half of a surrogate pair, wanted Unicode text");
        rejectsTags("[]", "tags", "found an array, wanted an object of strings");
        rejectsTags("\"a=b\"", "tags", "found a string, wanted an object of strings");
    }

    @Test
    void countsCharactersNotBytes() {
        String wide = "\ud83d\ude00".repeat(255);
        accepts("{\"name\":\"" + wide + "\",\"value\":1}", wide + "{} gauge 1.0@now");
        accepts(
                "{\"name\":\"a\",\"value\":1,\"tags\":{\"" + wide + "\":\"" + "é".repeat(4096) + "\"}}",
                "a{" + wide + "=" + "é".repeat(4096) + "} gauge 1.0@now");
        rejects(
                "{\"name\":\"" + wide + "x\",\"value\":1}",
                "name",
                RejectReason.NAME,
                "found 256 characters, wanted at most 255 (limits.name)");
        rejectsTags(
                "{\"k\":\"" + "é".repeat(4097) + "\"}",
                "tags.k",
                "found 4097 characters, wanted at most 4096 (limits.tag-value)");
        rejectsTags(
                "{\"" + "k".repeat(256) + "\":\"v\"}",
                "tags." + "k".repeat(80) + "...",
                "found a key of 256 characters, wanted at most 255 (limits.tag-key)");
    }

    @Test
    void refusesMoreTagsThanAllowed() {
        StringBuilder tags = new StringBuilder("{\"k0\":\"v\"");
        for (int i = 1; i < 64; i++) {
            tags.append(",\"k").append(i).append("\":\"v\"");
        }
        assertThat(probe.parse(request("{\"name\":\"a\",\"value\":1,\"tags\":" + tags + "}}")))
                .isTrue();
        assertThat(probe.report.accepted()).isEqualTo(1);
        rejectsTags(tags + ",\"k64\":\"v\"}", "tags", "found more than 64 tags, wanted at most that (limits.tags)");
    }

    @Test
    void refusesNamesThatAreNoNames() {
        rejects("{\"value\":1}", "name", RejectReason.NAME, "missing");
        rejects("{\"name\":null,\"value\":1}", "name", RejectReason.NAME, "found null, wanted a string");
        rejects("{\"name\":7,\"value\":1}", "name", RejectReason.NAME, "found a number, wanted a string");
        rejects(
                "{\"name\":\"\",\"value\":1}",
                "name",
                RejectReason.NAME,
                "found an empty string, wanted at least one character");
        rejects("{\"name\":\"a\\u007f\",\"value\":1}", "name", RejectReason.NAME, "found a control character");
        rejects("{\"name\":\"é\\n\",\"value\":1}", "name", RejectReason.NAME, "found a control character");
        rejects(
                "{\"name\":\"\\udc00\\ud800\",\"value\":1}",
                "name",
                RejectReason.NAME,
                "found half of a surrogate pair, wanted Unicode text");
        accepts("{\"name\":\"\\ud83d\\ude00 a{}\\\"\",\"value\":1}", "\ud83d\ude00 a{}\"{} gauge 1.0@now");
    }

    @Test
    void readsNumbersExactly() {
        acceptsValue("0", 0.0);
        acceptsValue("-0", -0.0);
        acceptsValue("-0.0", -0.0);
        acceptsValue("-0e5", -0.0);
        acceptsValue("1e308", 1e308);
        acceptsValue("1E+2", 100);
        acceptsValue("5e-324", Double.MIN_VALUE);
        acceptsValue("1e-999", 0.0);
        acceptsValue("1e-99999999999999999999", 0.0);
        acceptsValue("0e99999999999999999999", 0.0);
        acceptsValue("9007199254740993", 9007199254740992.0);
        acceptsValue("123456789012345678901234567890", 1.2345678901234568E29);
        acceptsValue("0.1000000000000000055511151231257827021181583404541015625", 0.1);
        acceptsValue("1" + "0".repeat(2000) + "e-2000", 1.0);
        acceptsValue("1.7976931348623157e308", Double.MAX_VALUE);
    }

    @Test
    void refusesValuesThatAreNoFiniteNumbers() {
        String range = "wanted a number within the range of a double";
        rejects("{\"name\":\"a\"}", "value", RejectReason.VALUE, "missing");
        rejects("{\"name\":\"a\",\"value\":1e999}", "value", RejectReason.VALUE, "found 1e999, " + range);
        rejects("{\"name\":\"a\",\"value\":-1e309}", "value", RejectReason.VALUE, "found -1e309, " + range);
        rejects(
                "{\"name\":\"a\",\"value\":" + "9".repeat(400) + "}",
                "value",
                RejectReason.VALUE,
                "found " + "9".repeat(80) + "..., " + range);
        rejects("{\"name\":\"a\",\"value\":\"1\"}", "value", RejectReason.VALUE, "found a string, wanted a number");
        rejects("{\"name\":\"a\",\"value\":[1]}", "value", RejectReason.VALUE, "found an array, wanted a number");
        rejects("{\"name\":\"a\",\"value\":false}", "value", RejectReason.VALUE, "found false, wanted a number");
    }

    @Test
    void knowsFourTypes() {
        for (String type : List.of("gauge", "counter", "histogram", "summary")) {
            accepts("{\"name\":\"a\",\"value\":1,\"type\":\"" + type + "\"}", "a{} " + type + " 1.0@now");
        }
        String wanted = ", wanted gauge, counter, histogram or summary";
        for (String type : List.of("", "g", "Gauge", "gauges", "gaugf", "x")) {
            rejects(
                    "{\"name\":\"a\",\"value\":1,\"type\":\"" + type + "\"}",
                    "type",
                    RejectReason.TYPE,
                    "found \"" + type + "\"" + wanted);
        }
        rejects("{\"name\":\"a\",\"value\":1,\"type\":3}", "type", RejectReason.TYPE, "found a number" + wanted);
    }

    @Test
    void namesTheFirstFaultInAFixedOrder() {
        rejects("{\"timestamp\":\"x\",\"tags\":1,\"type\":1,\"value\":\"\"}", "name", RejectReason.NAME, "missing");
    }

    @Test
    void keepsGoodSamplesAndKnowsTheirIndexes() {
        assertThat(probe.parse(request("7,{\"name\":\"a\",\"value\":1},{},null,{\"name\":\"b\",\"value\":2},[[]],"
                        + "{\"name\":\"c\",\"value\":3}")))
                .isTrue();
        assertThat(probe.samples()).containsExactly("a{} gauge 1.0@now", "b{} gauge 2.0@now", "c{} gauge 3.0@now");
        assertThat(probe.report.received()).isEqualTo(7);
        assertThat(probe.report.rejected()).isEqualTo(4);
        assertThat(probe.report.rejectedBy(RejectReason.SHAPE)).isEqualTo(3);
        assertThat(probe.report.metricIndexOf(0)).isEqualTo(1);
        assertThat(probe.report.metricIndexOf(1)).isEqualTo(4);
        assertThat(probe.report.metricIndexOf(2)).isEqualTo(6);
        assertThat(probe.errors())
                .startsWith("0 : found a number, wanted an object with name and value", "2 name: missing");

        probe.report.add(probe.report.metricIndexOf(1), "", RejectReason.SERIES_LIMIT, "full", "up");
        assertThat(probe.report.metricIndexOf(2)).isEqualTo(6);
        assertThat(probe.report.accepted()).isEqualTo(2);
    }

    @Test
    void keepsTheFirstHundredErrorsAndCountsAll() {
        assertThat(probe.parse(request("1" + ",2".repeat(499)))).isTrue();
        assertThat(probe.report.errorCount()).isEqualTo(100);
        assertThat(probe.report.errorIndex(99)).isEqualTo(99);
        assertThat(probe.report.rejected()).isEqualTo(500);
    }

    @Test
    void acceptsAnEmptyList() {
        assertThat(probe.parse(" { \"metrics\" : [ ] } ")).isTrue();
        assertThat(probe.report.received()).isZero();
    }

    @Test
    void storesNothingOfARequestWithTooManyMetrics() {
        String metric = "{\"name\":\"a\",\"value\":1}";
        assertThat(probe.parse(request(metric + ("," + metric).repeat(9_999)))).isTrue();
        assertThat(probe.report.accepted()).isEqualTo(10_000);
        refuses(request(metric + ("," + metric).repeat(10_000)), ParseReport.INVALID_REQUEST, 0, 0);
        assertThat(probe.report.message()).contains("10000").contains("limits.metrics-per-request");
        assertThat(probe.parseLines((metric + "\n").repeat(10_001))).isFalse();
        assertThat(probe.batch.count()).isZero();
        assertThat(probe.report.malformedCode()).isEqualTo(ParseReport.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "1", "\"metrics\"", "null", "{}", "{\"metrics\":{}}", "{\"metrics\":null}", " [ {} ] "})
    void refusesJsonThatIsNoRequest(String body) {
        refuses(body, ParseReport.INVALID_REQUEST, 0, 0);
    }

    @Test
    void saysWhereABodyIsNotJson() {
        refuses("", ParseReport.INVALID_JSON, 1, 1);
        refuses("x", ParseReport.INVALID_JSON, 1, 1);
        refuses("{\"metrics\":[}", ParseReport.INVALID_JSON, 1, 13);
        refuses("{\"metrics\":[]}x", ParseReport.INVALID_JSON, 1, 15);
        refuses("{\"metrics\":[]}\n []", ParseReport.INVALID_JSON, 2, 2);
        refuses("{\"metrics\":[{\"name\":\"a\",\"value\":01}]}", ParseReport.INVALID_JSON, 1, 34);
        refuses("{\"metrics\":[\n{\"name\":\"a\tb\"}]}", ParseReport.INVALID_JSON, 2, 11);
        refuses("{\"metrics\":[{\"name\":\"a\"", ParseReport.INVALID_JSON, 1, 24);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        for (String bad :
                List.of("\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00e2\u0082", "\u00f4\u0090\u0080\u0080")) {
            byte[] body =
                    ("{\"metrics\":[\r\n\"" + bad + "\"]}").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            assertThat(probe.parse(body, BodyFormat.JSON)).isFalse();
            assertThat(probe.report.message()).isEqualTo("found bytes that are not UTF-8");
            assertThat(probe.report.line()).isEqualTo(2);
            assertThat(probe.report.column()).isEqualTo(2);
        }
    }

    @Test
    void readsOneMetricALine() {
        assertThat(probe.parseLines("\n{\"name\":\"a\",\"value\":1}\r\n \t\r\n{\"name\":\"b\",\"value\":2}"))
                .isTrue();
        assertThat(probe.samples()).containsExactly("a{} gauge 1.0@now", "b{} gauge 2.0@now");
        assertThat(probe.parseLines("")).isTrue();
        assertThat(probe.report.received()).isZero();
    }

    @Test
    void rejectsBadLinesOnly() {
        assertThat(probe.parseLines("{\"name\":\"a\",\"value\":1}\n\n{\"name\":\"b\",\"value\":}\n7\n"
                        + "{\"name\":\"c\",\"value\":3} {}\n{\"name\":\"d\",\"value\":4}\n{\"name\":"))
                .isTrue();
        assertThat(probe.samples()).containsExactly("a{} gauge 1.0@now", "d{} gauge 4.0@now");
        assertThat(probe.report.rejectedBy(RejectReason.LINE)).isEqualTo(3);
        assertThat(probe.report.rejectedBy(RejectReason.SHAPE)).isEqualTo(1);
        assertThat(probe.errors().get(0)).startsWith("1 : line 3, column 21: ");
        assertThat(probe.errors().get(1)).startsWith("2 : found a number, wanted an object");
        assertThat(probe.errors().get(2)).startsWith("3 : line 5, column 24: found more behind");
        assertThat(probe.errors().get(3)).startsWith("5 : line 7, column ");
        assertThat(probe.report.metricIndexOf(1)).isEqualTo(4);
    }

    @Test
    void nestsAsDeepInAListAsOnALine() {
        String most = "{\"name\":\"a\",\"value\":1,\"x\":" + "[".repeat(499) + "]".repeat(499) + "}";
        String more = "{\"name\":\"a\",\"value\":1,\"x\":" + "[".repeat(500) + "]".repeat(500) + "}";
        assertThat(probe.parse(request(most))).isTrue();
        assertThat(probe.parse(request(more))).isFalse();
        assertThat(probe.parseLines(most)).isTrue();
        assertThat(probe.report.accepted()).isEqualTo(1);
        assertThat(probe.parseLines(more)).isTrue();
        assertThat(probe.report.rejectedBy(RejectReason.LINE)).isEqualTo(1);
    }

    private void accepts(String metric, String sample) {
        for (int round = 0; round < 3; round++) {
            assertThat(probe.parse(request(metric))).isTrue();
            assertThat(probe.errors()).isEmpty();
            assertThat(probe.samples()).containsExactly(sample);
            probe.adoptNewSeries();
        }
    }

    private void acceptsValue(String text, double value) {
        for (int round = 0; round < 3; round++) {
            assertThat(probe.parse(request("{\"name\":\"a\",\"value\":" + text + "}")))
                    .isTrue();
            assertThat(Double.doubleToRawLongBits(probe.batch.values()[0]))
                    .isEqualTo(Double.doubleToRawLongBits(value));
            probe.adoptNewSeries();
        }
    }

    private void rejectsTags(String tags, String field, String text) {
        rejects("{\"name\":\"a\",\"value\":1,\"tags\":" + tags + "}", field, RejectReason.TAGS, text);
    }

    private void rejects(String metric, String field, RejectReason reason, String text) {
        for (int round = 0; round < 2; round++) {
            assertThat(probe.parse(request(metric))).isTrue();
            assertThat(probe.errors()).containsExactly("0 " + field + ": " + text);
            assertThat(probe.report.rejectedBy(reason)).isEqualTo(1);
            assertThat(probe.batch.count()).isZero();
        }
    }

    private void refuses(String body, String code, int line, int column) {
        for (int round = 0; round < 2; round++) {
            assertThat(probe.parse(body)).isFalse();
            assertThat(probe.report.malformedCode()).isEqualTo(code);
            assertThat(probe.report.message()).isNotEmpty().doesNotContain("Source");
            assertThat(List.of(probe.report.line(), probe.report.column())).containsExactly(line, column);
            assertThat(probe.batch.count()).isZero();
            assertThat(probe.report.received()).isZero();
        }
    }

    private static String request(String metrics) {
        return "{\"metrics\":[" + metrics + "]}";
    }
}

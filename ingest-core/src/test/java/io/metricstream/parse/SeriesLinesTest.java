package io.metricstream.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesLinesTest {
    private static final long NOW = Probe.NOW;

    private final Probe probe = new Probe();

    /** The samples of all portions, as the batches had them. */
    private List<String> read(Probe of, byte[] body) {
        SeriesLinesReader lines = of.seriesLines(body);
        List<String> samples = new ArrayList<>();
        boolean more = true;
        while (more) {
            more = lines.read(of.batch, of.report);
            samples.addAll(of.samples());
        }
        return samples;
    }

    private List<String> read(String body) {
        return read(probe, body.getBytes(StandardCharsets.UTF_8));
    }

    private void rejects(String line, String field, RejectReason reason, int samples, String text) {
        String good = "{\"metric\":{\"__name__\":\"g\"},\"values\":[1],\"timestamps\":[" + NOW + "]}";
        for (int twice = 0; twice < 2; twice++) {
            assertThat(read(good + "\n" + line + "\n" + good))
                    .as(line)
                    .containsExactly("g{} gauge 1.0@now", "g{} gauge 1.0@now");
            assertThat(probe.errors()).containsExactly("2 " + field + ": " + text);
            assertThat(probe.report.received()).isEqualTo(2 + samples);
            assertThat(probe.report.rejected()).isEqualTo(samples);
            assertThat(probe.report.rejectedBy(reason)).isEqualTo(samples);
            assertThat(probe.report.metricIndexOf(0)).isEqualTo(1);
            assertThat(probe.report.metricIndexOf(1)).isEqualTo(3);
        }
    }

    private static String line(String metric, String values, String timestamps) {
        return "{\"metric\":" + metric + ",\"values\":" + values + ",\"timestamps\":" + timestamps + "}";
    }

    @Test
    void readsSeriesWithTheirSamples() {
        assertThat(read("""

                {"metric":{"job":"a","__name__":"up","empty":""},"values":[1,0,-2.5e3],"timestamps":[%1$d,%2$d,%3$d]}
                \t\r
                {"timestamps":[%1$d],"other":{"values":[5]},"type":"counter","values":[7],"metric":{"__name__":"n"}}\r
                {"metric":{},"metric":{"__name__":"m"},"values":[1,2],"values":[3],"timestamps":7,"timestamps":[%1$d]}""".formatted(NOW, NOW - 1, NOW - 2)))
                .containsExactly(
                        "up{job=a} gauge 1.0@now",
                        "up{job=a} gauge 0.0@" + (NOW - 1),
                        "up{job=a} gauge -2500.0@" + (NOW - 2),
                        "n{} counter 7.0@now",
                        "m{} gauge 3.0@now");
        assertThat(probe.report.rejected()).isZero();
        assertThat(probe.batch.newSeriesCount()).as("one entry for each line").isEqualTo(3);
        assertThat(read("")).isEmpty();
        assertThat(read("\n \r\n")).isEmpty();
        assertThat(probe.report.received()).isZero();
    }

    @Test
    void readsValuesThatJsonHasNoNumberFor() {
        String values = "[null,\"NaN\",\"Infinity\",\"-Infinity\",\"+Inf\",\"-Inf\",\"NaN(0xfff8000000000abc)\",-0.0]";
        read(line("{\"__name__\":\"a\"}", values, "[" + (NOW + ",").repeat(7) + NOW + "]"));
        assertThat(probe.errors()).isEmpty();
        List<String> bits = new ArrayList<>();
        for (int i = 0; i < probe.batch.count(); i++) {
            bits.add(Long.toHexString(Double.doubleToRawLongBits(probe.batch.values()[i])));
        }
        assertThat(bits)
                .containsExactly(
                        "7ff0000000000002",
                        "7ff8000000000001",
                        "7ff0000000000000",
                        "fff0000000000000",
                        "7ff0000000000000",
                        "fff0000000000000",
                        "fff8000000000abc",
                        "8000000000000000");
    }

    @Test
    void refusesALineThatIsNoSeries() {
        rejects("5", "", RejectReason.SHAPE, 1, "found a number, wanted an object with metric, values and timestamps");
        rejects(
                "[{}]",
                "",
                RejectReason.SHAPE,
                1,
                "found an array, wanted an object with metric, values and timestamps");
        rejects("{", "", RejectReason.LINE, 1, "column 2: Unexpected end-of-input: expected close marker for Object");
        rejects("{} {}", "", RejectReason.LINE, 1, "column 4: found more behind the end of the JSON value");
        rejects("nonsense", "", RejectReason.LINE, 1, probeText("nonsense"));
        String time = "[" + NOW + "]";
        rejects(
                line("{\"__name__\":\"a\"}", "[NaN]", time),
                "",
                RejectReason.LINE,
                1,
                probeText(line("{\"__name__\":\"a\"}", "[NaN]", time)));
        String two = "[" + NOW + "," + NOW + "]";
        String shape = ", wanted an array";
        rejects("{}", "metric", RejectReason.SHAPE, 1, "missing");
        rejects(
                line("5", "[1,2]", two),
                "metric",
                RejectReason.SHAPE,
                2,
                "found a number, wanted an object of strings");
        rejects(line("{}", "[1,2]", two), "metric.__name__", RejectReason.NAME, 2, "missing");
        rejects(
                line("{\"__name__\":7}", "[1,2]", two),
                "metric.__name__",
                RejectReason.NAME,
                2,
                "found a number, wanted a string");
        rejects(
                line("{\"__name__\":\"a\",\"b\":1}", "[1,2]", two),
                "metric.b",
                RejectReason.TAGS,
                2,
                "found a number, wanted a string");
        rejects(
                line("{\"__name__\":\"a\",\"b\":\"c\",\"b\":\"d\"}", "[1,2]", two),
                "metric.b",
                RejectReason.TAGS,
                2,
                "found the key twice, wanted each once");
        String named = "{\"__name__\":\"a\"}";
        rejects(line(named, "5", two), "values", RejectReason.SHAPE, 2, "found a number" + shape);
        rejects(line(named, "[1,2]", "null"), "timestamps", RejectReason.SHAPE, 2, "found null" + shape);
        rejects("{\"metric\":" + named + "}", "values", RejectReason.SHAPE, 1, "missing");
        rejects("{\"metric\":" + named + ",\"values\":[1,2,3]}", "timestamps", RejectReason.SHAPE, 3, "missing");
        rejects(
                line(named, "[]", "[]"),
                "values",
                RejectReason.SHAPE,
                1,
                "found an empty array, wanted at least one value");
        rejects(
                line(named, "[1,2,3]", two),
                "timestamps",
                RejectReason.SHAPE,
                3,
                "found 2, wanted as many as there are values, which is 3");
        rejects(
                "{\"type\":\"x\",\"metric\":" + named + ",\"values\":[1],\"timestamps\":" + time + "}",
                "type",
                RejectReason.TYPE,
                1,
                "found \"x\", wanted gauge, counter, histogram or summary");
    }

    /** What Jackson says is its own affair. */
    private String probeText(String line) {
        read(line);
        return probe.report.errorReason(0);
    }

    @Test
    void refusesSamplesOfALineOneByOne() {
        String value = ", wanted a number, null, \"NaN\", \"Infinity\" or \"-Infinity\"";
        rejectsValue("true", "found true" + value);
        rejectsValue("{\"a\":[1]}", "found an object" + value);
        rejectsValue("[1]", "found an array" + value);
        rejectsValue("\"1\"", "found \"1\"" + value);
        rejectsValue("\"NaN(0x7ff0000000000000)\"", "found \"NaN(0x7ff0000000000000)\"" + value);
        rejectsValue("\"NaN(0x7ff)\"", "found \"NaN(0x7ff)\"" + value);
        rejectsValue("1e400", "found 1e400" + value + " that a double can hold");
        String time = ", wanted an integer number of milliseconds since 1970";
        rejectsTime("null", RejectReason.TIMESTAMP, "found null" + time);
        rejectsTime("1.5", RejectReason.TIMESTAMP, "found 1.5" + time);
        rejectsTime("\"2025-01-01T00:00:00Z\"", RejectReason.TIMESTAMP, "found 2025-01-01T00:00:00Z" + time);
        rejectsTime("[1]", RejectReason.TIMESTAMP, "found an array" + time);
        rejectsTime("9223372036854775808", RejectReason.TIMESTAMP, "found 9223372036854775808" + time);
        rejectsTime("1", RejectReason.TIMESTAMP_TOO_OLD, "found 1, which is older than the retention");
        rejectsTime(
                "" + (NOW + 3_600_000),
                RejectReason.TIMESTAMP_TOO_NEW,
                "found 1763903600000, which lies too far ahead");
    }

    private void rejectsValue(String value, String text) {
        rejectsSample(
                "values", RejectReason.VALUE, text, "[1," + value + ",3]", "[" + NOW + "," + NOW + "," + NOW + "]");
    }

    private void rejectsTime(String time, RejectReason reason, String text) {
        rejectsSample("timestamps", reason, text, "[1,2,3]", "[" + NOW + "," + time + "," + NOW + "]");
    }

    private void rejectsSample(String field, RejectReason reason, String text, String values, String times) {
        for (int twice = 0; twice < 2; twice++) {
            assertThat(read("\n" + line("{\"__name__\":\"a\"}", values, times)))
                    .containsExactly("a{} gauge 1.0@now", "a{} gauge 3.0@now");
            assertThat(probe.errors()).singleElement().asString().startsWith("2 " + field + ": at index 1: " + text);
            assertThat(probe.report.errorSeries(0)).isEqualTo("a");
            assertThat(probe.report.received()).isEqualTo(3);
            assertThat(probe.report.rejectedBy(reason)).isEqualTo(1);
            assertThat(probe.report.rejected()).isEqualTo(1);
        }
    }

    @Test
    void keepsOneErrorOfEachLineAndField() {
        read(line("{\"__name__\":\"a\"}", "[1,2,3,true,5]", "[1,2,3," + NOW + "," + NOW + "]"));
        assertThat(probe.errors()).hasSize(2);
        assertThat(probe.report.rejected()).isEqualTo(4);
        read((line("{}", "[1]", "[1]") + "\n").repeat(300));
        assertThat(probe.errors()).hasSize(100);
        assertThat(probe.report.rejected()).isEqualTo(300);
    }

    @Test
    void readsInPortionsWhereverTheyEnd() {
        var text = new StringBuilder();
        List<String> wanted = new ArrayList<>();
        int value = 0;
        for (int line = 0; line < 9; line++) {
            var values = new StringBuilder("[");
            var times = new StringBuilder("[");
            for (int i = 0; i <= line * 3; i++) {
                values.append(i == 0 ? "" : ",").append(value);
                times.append(i == 0 ? "" : ",").append(NOW);
                wanted.add("s{line=" + line + "} gauge " + value++ + ".0@now");
            }
            text.append(line("{\"__name__\":\"s\",\"line\":\"" + line + "\"}", values + "]", times + "]"))
                    .append("\n\n");
        }
        byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
        for (int most = 1; most <= wanted.size() + 1; most++) {
            var limits = new ParseLimits(most, 255, 64, 255, 4096, 1 << 30, 600_000);
            var small = new Probe(limits);
            SeriesLinesReader lines = small.seriesLines(body);
            List<String> samples = new ArrayList<>();
            boolean more = true;
            while (more) {
                more = lines.read(small.batch, small.report);
                assertThat(small.batch.count()).isLessThanOrEqualTo(most);
                List<String> portion = small.samples();
                for (int i = 0; i < portion.size(); i++) {
                    // Every second line is blank.
                    String line = String.valueOf((small.report.metricIndexOf(i) - 1) / 2);
                    assertThat(portion.get(i)).contains("{line=" + line + "}");
                }
                samples.addAll(portion);
                small.adoptNewSeries();
            }
            assertThat(samples).as("portions of %d", most).isEqualTo(wanted);
        }
    }

    @Test
    void neverFailsOnBrokenBytes() {
        byte[] whole = (line("{\"__name__\":\"a\",\"é\":\"\\u00e9\"}", "[1,\"NaN\",2e5]", "[" + NOW + "," + NOW + ",3]")
                        + "\n5")
                .getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= whole.length; cut++) {
            read(probe, Arrays.copyOf(whole, cut));
            assertThat(probe.report.accepted()).isEqualTo(probe.batch.count());
        }
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                read(probe, flipped);
                assertThat(probe.report.accepted()).isEqualTo(probe.batch.count());
            }
        }
    }
}

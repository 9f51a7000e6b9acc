package io.metricstream.feed;

import static io.metricstream.feed.Lines.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ExpositionReaderTest {
    private static LineReader prometheus() {
        return new ExpositionReader(ExpositionDialect.PROMETHEUS, NOW);
    }

    private static LineReader openMetrics() {
        return new ExpositionReader(ExpositionDialect.OPENMETRICS, NOW);
    }

    private static List<String> prometheus(String text) throws Exception {
        return Lines.read(prometheus(), text);
    }

    private static List<String> openMetrics(String text) throws Exception {
        LineReader reader = openMetrics();
        List<String> samples = Lines.read(reader, text);
        reader.end();
        return samples;
    }

    /** The example of the format's own documentation. */
    @Test
    void readsPrometheusText() throws Exception {
        assertThat(prometheus("""
                # HELP http_requests_total The total number of HTTP requests.
                # TYPE http_requests_total counter
                http_requests_total{method="post",code="200"} 1027 1395066363000
                http_requests_total{method="post",code="400"}    3 1395066363000

                # Escaping in label values:
                msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

                # Minimalistic line:
                metric_without_timestamp_and_labels 12.47

                # A weird metric from before the epoch:
                something_weird{problem="division by zero"} +Inf -3982045

                # A histogram, which has a pretty complex representation in the text format:
                # HELP http_request_duration_seconds A histogram of the request duration.
                # TYPE http_request_duration_seconds histogram
                http_request_duration_seconds_bucket{le="0.05"} 24054
                http_request_duration_seconds_bucket{le="+Inf"} 144320
                http_request_duration_seconds_sum 53423
                http_request_duration_seconds_count 144320

                # TYPE rpc_duration_seconds summary
                rpc_duration_seconds{quantile="0.01"} 3102
                rpc_duration_seconds_sum 1.7560473e+07
                """))
                .containsExactly(
                        "http_requests_total{code=200, method=post} counter 1027.0@1395066363000",
                        "http_requests_total{code=400, method=post} counter 3.0@1395066363000",
                        "msdos_file_access_time_seconds{error=Cannot find file:\n\"FILE.TXT\", path=C:\\DIR\\FILE.TXT} gauge"
                                + " 1.458255915E9@now",
                        "metric_without_timestamp_and_labels{} gauge 12.47@now",
                        "something_weird{problem=division by zero} gauge Infinity@-3982045",
                        "http_request_duration_seconds_bucket{le=0.05} histogram 24054.0@now",
                        "http_request_duration_seconds_bucket{le=+Inf} histogram 144320.0@now",
                        "http_request_duration_seconds_sum{} histogram 53423.0@now",
                        "http_request_duration_seconds_count{} histogram 144320.0@now",
                        "rpc_duration_seconds{quantile=0.01} summary 3102.0@now",
                        "rpc_duration_seconds_sum{} summary 1.7560473E7@now");
    }

    @Test
    void takesBlanksCommasQuotedNamesAndSpecialValues() throws Exception {
        assertThat(prometheus("""
                \t a:b_9 \t{ x = "1" , y="é{},=#" , } \t NaN  \t 5\s
                #no space
                # TYPE
                #   TYPE   a   gauge\s
                a -Inf
                a inf
                a{} -0
                {"my.metric"} 1
                {"my.metric","my label"="v"} 2
                # TYPE "my.metric" counter
                {"my.metric"} 3
                # TYPE a untyped
                a nan""".replace("# TYPE\n", "# HELP\n")))
                .containsExactly(
                        "a:b_9{x=1, y=é{},=#} gauge NaN:7ff8000000000001@5",
                        "a{} gauge -Infinity@now",
                        "a{} gauge Infinity@now",
                        "a{} gauge -0.0@now",
                        "my.metric{} gauge 1.0@now",
                        "my.metric{my label=v} gauge 2.0@now",
                        "my.metric{} counter 3.0@now",
                        "a{} gauge NaN:7ff8000000000001@now");
    }

    @Test
    void givesTheFamilysTypeToItsSamplesOnly() throws Exception {
        assertThat(prometheus("# TYPE a histogram\na 1\na_max 1\nab_sum 1\na_sum 1\n# TYPE a counter\na 1\na_sum 1"))
                .containsExactly(
                        "a{} gauge 1.0@now",
                        "a_max{} gauge 1.0@now",
                        "ab_sum{} gauge 1.0@now",
                        "a_sum{} histogram 1.0@now",
                        "a{} counter 1.0@now",
                        "a_sum{} gauge 1.0@now");
    }

    @Test
    void knowsTheTypeAfterPassingOver() throws Exception {
        LineReader reader = prometheus();
        reader.pass("# TYPE a counter");
        reader.pass("# TYPE b");
        reader.pass("nonsense {");
        assertThat(Lines.read(reader, "a 1")).containsExactly("a{} counter 1.0@now");
        LineReader ended = openMetrics();
        ended.pass("# EOF");
        ended.end();
    }

    @Test
    void readsOpenMetrics() throws Exception {
        assertThat(openMetrics("""
                # TYPE acme_http_router_request_seconds summary
                # UNIT acme_http_router_request_seconds seconds
                # HELP acme_http_router_request_seconds Latency though all of ACME's HTTP request router.
                acme_http_router_request_seconds_sum{path="/api/v1",method="GET"} 9036.32
                acme_http_router_request_seconds_created{path="/api/v1",method="GET"} 1605281325.0
                # TYPE go_goroutines gauge
                go_goroutines 69 1520879607.789
                # TYPE process_cpu_seconds counter
                process_cpu_seconds_total 4.20072246e+06 1605281325
                process_cpu_seconds_created 1 -0.5
                # TYPE foo histogram
                foo_bucket{le="0.01"} 0
                foo_bucket{le="1"} 11 123 # {trace_id="KOO5S4vxi0o"} 0.67
                foo_bucket{le="+Inf"} 17 # {trace_id="o#p}",x="\\"# "} 9.8 1520879607.789
                # TYPE bar info
                bar_info{entity="c"} 1 1.5e9
                # TYPE gh gaugehistogram
                gh_gsum 2 1520879607.7899
                # EOF"""))
                .containsExactly(
                        "acme_http_router_request_seconds_sum{method=GET, path=/api/v1} summary 9036.32@now",
                        "acme_http_router_request_seconds_created{method=GET, path=/api/v1} gauge 1.605281325E9@now",
                        "go_goroutines{} gauge 69.0@1520879607789",
                        "process_cpu_seconds_total{} counter 4200722.46@1605281325000",
                        "process_cpu_seconds_created{} gauge 1.0@-500",
                        "foo_bucket{le=0.01} histogram 0.0@now",
                        "foo_bucket{le=1} histogram 11.0@123000",
                        "foo_bucket{le=+Inf} histogram 17.0@now",
                        "bar_info{entity=c} gauge 1.0@1500000000000",
                        "gh_gsum{} gauge 2.0@1520879607789");
    }

    @Test
    void wantsTheEndOfOpenMetrics() throws Exception {
        assertThatThrownBy(() -> openMetrics("a 1"))
                .isInstanceOf(BadLineException.class)
                .hasMessageContaining("wanted # EOF");
        LineReader reader = openMetrics();
        assertThat(Lines.read(reader, "a 1\n# EOF")).hasSize(1);
        Lines.refuses(reader, "a 1", "behind # EOF");
        Lines.refuses(reader, "", "behind # EOF");
        Lines.refuses(openMetrics(), "", "an empty line");
    }

    @Test
    void refusesWhatIsNoSample() {
        refuses("a", "behind the name a: found the end of the line, wanted labels in braces or a value");
        refuses("a{}", "value: found \"\", wanted a decimal number");
        refuses("1a 1", "the metric's name: found \"1a 1\", wanted a letter");
        refuses("a-b 1", "behind the name a: found \"-b 1\"");
        refuses("a-1", "behind the name a: found \"-1\"");
        refuses("a 1.2.3", "value: found \"1.2.3\"");
        refuses("a 0x1p3", "value: found \"0x1p3\"");
        refuses("a 1d", "value: found \"1d\"");
        refuses("a 1e999", "value: found \"1e999\"");
        refuses("a 1_000", "value: found \"1_000\"");
        refuses("a 1 2 3", "behind the time: found \"3\"");
        refuses("a 1 1.5", "timestamp: found \"1.5\", wanted an integer number of milliseconds");
        refuses("a 1 9223372036854775808", "timestamp: found \"9223372036854775808\"");
        refuses("a{b=\"c\"", "behind the label b: found the end of the line, wanted , or }");
        refuses("a{b=\"c", "the value of the label b: found \"\"c\", wanted a quote at its end");
        refuses("a{b=\"c\\", "the value of the label b: found \\ , wanted");
        refuses("a{b=\"c\\x\"} 1", "the value of the label b: found \\x, wanted \\\\, \\\" or \\n");
        refuses("a{b=c} 1", "the value of the label b: found \"c} 1\", wanted a text in quotes");
        refuses("a{b} 1", "behind the label b: found \"} 1\", wanted =");
        refuses("a{b:c=\"d\"} 1", "behind the label b: found \":c");
        refuses("a{\"b\"} 1", "behind the label b: found \"} 1\", wanted =");
        refuses("a{b=\"1\",b=\"2\"} 1", "the label b: found it twice");
        refuses("a{__name__=\"b\"} 1", "a label's name: found __name__");
        refuses("a{,} 1", "a label's name: found \",} 1\"");
        refuses("{} 1", "the metric's name: found none");
        refuses("{a=\"b\"} 1", "the metric's name: found none");
        refuses("# TYPE a", "the type of a: found \"\", wanted counter, gauge, histogram, summary, untyped");
        refuses("# TYPE a info", "the type of a: found \"info\"");
        refuses("# TYPE a counter more", "the type of a: found \"countermore\"");
        refuses("# TYPE", "the name behind TYPE: found the end of the line");
        Lines.refuses(openMetrics(), "a 1 5 6", "behind the time: found \"6\"");
        Lines.refuses(openMetrics(), "a 1 NaN", "timestamp: found \"NaN\", wanted seconds since 1970");
        Lines.refuses(openMetrics(), "a 1 1e300", "timestamp: found \"1e300\"");
        Lines.refuses(openMetrics(), "# TYPE a untyped", "the type of a: found \"untyped\"");
        Lines.refuses(prometheus(), "a 1 # {b=\"c\"} 1", "behind the time: found \"# {b");
    }

    private static void refuses(String line, String message) {
        Lines.refuses(prometheus(), line, message);
        if (!line.startsWith("# TYPE a") && !line.startsWith("a 1 ")) {
            Lines.refuses(openMetrics(), line, message);
        }
    }

    /** Digits far behind the point must not be counted one by one. */
    @Test
    void readsExtremeTimesAtOnce() throws Exception {
        assertThat(openMetrics("a 1 1e-999999999\na 1 -1e-7\na 1 9e15\n# EOF"))
                .containsExactly("a{} gauge 1.0@0", "a{} gauge 1.0@0", "a{} gauge 1.0@9000000000000000000");
    }

    @Test
    void neverFailsOtherwise() throws Exception {
        String line = "a_b{c=\"d\\n\",\"e\"=\"f\"} 1.5e3 1234 # {x=\"y\"} 1";
        for (int at = 0; at < line.length(); at++) {
            for (char c : "\"\\{},=# \t\n1aé".toCharArray()) {
                survives(line.substring(0, at) + c + line.substring(at));
                survives(line.substring(0, at) + c + line.substring(at + 1));
            }
            survives(line.substring(at));
            survives(line.substring(0, at));
        }
    }

    private static void survives(String line) throws Exception {
        for (LineReader reader : List.of(prometheus(), openMetrics())) {
            try {
                Lines.read(reader, line);
            } catch (BadLineException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }
}

package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Requests that two servers may read differently are refused, and nothing behind them is a request. Every input is also
 * fed one byte at a time and split at many places.
 */
final class SmugglingTest {
    /** What an attacker wants to have taken for a request of its own. */
    private static final String SMUGGLED = Requests.post(Requests.metrics(3));

    private static final String GOOD = Requests.post(Requests.ONE);

    /** Each test splits its first input everywhere, and the others here and there. */
    private static final int SOME_SPLITS = 13;

    private int splitStep = 1;
    private final PipelineRig rig = new PipelineRig(PipelineRig.config(new HttpLimits(512, 1024, 1 << 20)));

    @AfterEach
    void leavesNothingBehind() {
        rig.close();
    }

    /** A server may refuse these in one way only: 400, and the connection ends. */
    private void refuses(String... inputs) {
        for (String input : inputs) {
            for (List<HttpAnswer> answers : everyWay(input)) {
                assertThat(answers).as(shown(input)).hasSize(1);
                assertThat(answers.get(0).status()).as(shown(input)).isEqualTo(400);
                assertThat(answers.get(0).code()).as(shown(input)).isEqualTo("bad_http");
                assertThat(answers.get(0).closes()).as(shown(input)).isTrue();
            }
        }
        assertThat(rig.services.stats().received()).as("samples smuggled in").isZero();
    }

    /** The input is one request, and what follows it is the next. */
    private void accepts(String... inputs) {
        for (String input : inputs) {
            for (List<HttpAnswer> answers : everyWay(input)) {
                assertThat(answers)
                        .as(shown(input))
                        .extracting(HttpAnswer::text)
                        .containsExactly(
                                "{\"success\":true,\"metrics_processed\":1}",
                                "{\"success\":true,\"metrics_processed\":3}");
            }
        }
    }

    /** Whole, byte by byte, and in two pieces, with the smuggled request behind it. */
    private List<List<HttpAnswer>> everyWay(String input) {
        byte[] bytes = AnswerReader.latin1(input + SMUGGLED);
        List<List<HttpAnswer>> all = new ArrayList<>();
        all.add(feed(bytes, bytes.length));
        var peer = rig.connect();
        for (byte b : bytes) {
            if (!peer.isClosed()) {
                peer.send(new byte[] {b});
            }
        }
        all.add(finish(peer));
        for (int split = 1; split <= input.length(); split += splitStep) {
            all.add(feed(bytes, split));
        }
        splitStep = SOME_SPLITS;
        return all;
    }

    private List<HttpAnswer> feed(byte[] bytes, int split) {
        var peer = rig.connect();
        peer.send(java.util.Arrays.copyOf(bytes, split));
        if (split < bytes.length && !peer.isClosed()) {
            peer.send(java.util.Arrays.copyOfRange(bytes, split, bytes.length));
        }
        return finish(peer);
    }

    private List<HttpAnswer> finish(Peer peer) {
        rig.storeAll();
        List<HttpAnswer> answers = peer.answers();
        if (answers.stream().anyMatch(HttpAnswer::closes)) {
            assertThat(peer.isClosed()).isTrue();
        }
        peer.close();
        return answers;
    }

    private static String shown(String input) {
        var text = new StringBuilder();
        for (byte b : input.getBytes(StandardCharsets.ISO_8859_1)) {
            text.append(b < ' ' || b >= 0x7f ? String.format("\\x%02x", b) : String.valueOf((char) b));
        }
        return text.toString();
    }

    /** A write with these header lines instead of its Content-Length. */
    private static String with(String headers, String rest) {
        return "POST /metrics HTTP/1.1\r\nHost: here\r\n" + headers + "\r\n" + rest;
    }

    private static String chunks(String lines) {
        return with("Transfer-Encoding: chunked\r\n", lines);
    }

    /** The one good chunk, written with this as its size line and these line ends. */
    private static String chunk(String size, String afterSize, String afterData) {
        return chunks(size + afterSize + Requests.ONE + afterData + "0\r\n\r\n");
    }

    private static final String SIZE = Integer.toHexString(Requests.ONE.length());

    @Test
    void refusesLengthsThatAreNone() {
        for (String value : List.of(
                "",
                " ",
                "x",
                "-1",
                "+5",
                "0x10",
                "5 5",
                "5,5",
                "5, 6",
                "5;",
                "1e2",
                "5.0",
                "\t",
                "99999999999999999999",
                "9223372036854775808",
                "５",
                "\u00b2",
                "5\u00a0",
                "\"5\"",
                "0b1",
                "5_0",
                "٣")) {
            refuses(with("Content-Length: " + value + "\r\n", ""));
        }
    }

    @Test
    void refusesSeveralLengths() {
        String length = "Content-Length: " + Requests.ONE.length() + "\r\n";
        refuses(
                with(length + length, Requests.ONE),
                with(length + "content-length: 0\r\n", Requests.ONE),
                with(length + "X: y\r\nCONTENT-LENGTH: " + Requests.ONE.length() + "\r\n", Requests.ONE),
                GOOD.replace("HTTP/1.1", "HTTP/1.0").replace(length, length + length),
                GOOD.replace("HTTP/1.1", "HTTP/1.0").replace(length, length + "Content-Length: 0\r\n"),
                GOOD.replace("HTTP/1.1", "HTTP/1.0").replace(length, "Content-Length: 5,5\r\n"));
    }

    @Test
    void refusesLengthBesidesChunks() {
        String both = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n";
        refuses(
                with(both, "0\r\n\r\n"),
                with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
                with(both.replace("5", "0"), "0\r\n\r\n"),
                with(both, "0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0"));
    }

    @Test
    void refusesOtherTransferEncodings() {
        for (String value : List.of(
                "gzip",
                "identity",
                "gzip, chunked",
                "chunked, gzip",
                "chunked, chunked",
                "chunked, identity",
                "identity, chunked",
                "xchunked",
                "chunkedx",
                "chunked;q=1",
                "\"chunked\"",
                "chunked,",
                ",chunked",
                "",
                "chunk\u00a0ed",
                "\u000bchunked",
                "chunked\u000c",
                "cow",
                "deflate",
                "compress, chunked")) {
            refuses(with("Transfer-Encoding: " + value + "\r\n", "0\r\n\r\n"));
        }
        refuses(
                with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"),
                with("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                with("Transfer-Encoding: chunked\r\n", "0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0"),
                with("Transfer-Encoding: chunked\r\n", "0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.2"));
    }

    @Test
    void refusesHostsThatAreNotExactlyOne() {
        refuses(
                "GET /health HTTP/1.1\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",
                "GET /health HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n");
        for (String host : List.of("a b", "a,b", "a/b", "a@b", "a\\b", "a?b", "a#b", "a\u00e9", "http://a")) {
            refuses("GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        }
    }

    @Test
    void refusesBareLineEnds() {
        refuses(
                GOOD.replace("HTTP/1.1\r\n", "HTTP/1.1\n"),
                GOOD.replace("here\r\n", "here\n"),
                GOOD.replace("\r\n\r\n", "\r\n\n"),
                GOOD.replace("\r\n\r\n", "\n\n"),
                GOOD.replace("\r\n\r\n", "\n\r\n"),
                GOOD.replace("HTTP/1.1\r\n", "HTTP/1.1\r"),
                GOOD.replace("HTTP/1.1\r\n", "HTTP/1.1\r\r\n"),
                GOOD.replace("here\r\n", "here\r"),
                GOOD.replace("here\r\n", "he\rre\r\n"),
                GOOD.replace("here\r\n", "here\r\r\n"),
                GOOD.replace("Host: ", "Host:\r "),
                GOOD.replace("POST /", "POST\r/"),
                "\n" + GOOD,
                "\r" + GOOD,
                "\r\n\n" + GOOD,
                "\r\r\n" + GOOD,
                "\n\r\n" + GOOD);
    }

    @Test
    void refusesFoldedHeaders() {
        refuses(
                GOOD.replace("here\r\n", "here\r\n and there\r\n"),
                GOOD.replace("here\r\n", "here\r\n\tand there\r\n"),
                GOOD.replace("here\r\n", "here\r\n \r\n"),
                GOOD.replace("Host", " Host"),
                GOOD.replace("Host", "\tHost"),
                GOOD.replace("here\r\n", "here\r\nX: y\r\n Transfer-Encoding: chunked\r\n"),
                GOOD.replace("Content-Length: ", "Content-Length:\r\n "));
    }

    @Test
    void refusesHeaderNamesThatAreNone() {
        for (String line : List.of(
                "Host : x",
                "X : y",
                "X\t: y",
                "X y: z",
                ": y",
                "X",
                "X\u0000: y",
                "X\u007f: y",
                "X\u00e9: y",
                "X(: y",
                "X\": y",
                "X,: y",
                "X/: y",
                "X{: y",
                "Transfer-Encoding : chunked",
                "Content-Length : 0",
                "\u0001X: y")) {
            refuses(GOOD.replace("here\r\n", "here\r\n" + line + "\r\n"));
        }
    }

    @Test
    void refusesHeaderValuesThatAreNone() {
        for (String value : List.of("a\u0000b", "\u0000", "a\u000bb", "a\u000cb", "\u000b", "a\rb", "\r")) {
            refuses(GOOD.replace("here\r\n", "here\r\nX: " + value + "\r\n"));
        }
    }

    @Test
    void refusesRequestLinesThatAreNone() {
        for (String line : List.of(
                "POST  /metrics HTTP/1.1",
                "POST /metrics  HTTP/1.1",
                "POST\t/metrics HTTP/1.1",
                "POST /metrics\tHTTP/1.1",
                "POST\u000b/metrics HTTP/1.1",
                "POST\u000c/metrics HTTP/1.1",
                " POST /metrics HTTP/1.1",
                "POST /metrics HTTP/1.1 ",
                "POST /metrics HTTP/1.1\t",
                "POST /metrics HTTP/1.1 x",
                "POST /met rics HTTP/1.1",
                "POST /metrics",
                "POST /metrics ",
                "POST HTTP/1.1",
                "POST",
                "POST /metrics HTTP/11",
                "POST /metrics HTTP/1.10",
                "POST /metrics HTTP/1,1",
                "POST /metrics HTTP 1.1",
                "POST /metrics http/1.1",
                "POST /metrics HTTQ/1.1",
                "POST /metrics HTTP/x.1",
                "POST /metrics FTP/1.1",
                "POST /metr\u0000ics HTTP/1.1",
                "POST /metr\u0001ics HTTP/1.1",
                "POST /metr\u007fics HTTP/1.1",
                "POST /metr\u00e9ics HTTP/1.1",
                "PO(ST /metrics HTTP/1.1",
                "PO\u0000ST /metrics HTTP/1.1",
                "\u0000POST /metrics HTTP/1.1",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")) {
            refuses(GOOD.replace("POST /metrics HTTP/1.1", line));
        }
    }

    @Test
    void refusesOtherMajorVersions() {
        for (String start : List.of("GET /health HTTP/2.0", "GET /health HTTP/0.9", "PRI * HTTP/2.0")) {
            for (List<HttpAnswer> answers : everyWay(start + "\r\nHost: h\r\n\r\nSM\r\n\r\n")) {
                assertThat(answers).hasSize(1);
                assertThat(answers.get(0).status()).isEqualTo(505);
                assertThat(answers.get(0).closes()).isTrue();
            }
        }
    }

    @Test
    void refusesBodiesThatOnlySomeServersSee() {
        // Netty reads eight bytes behind these, for a draft of WebSocket that nobody speaks any more.
        refuses("GET /health HTTP/1.1\r\nHost: h\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n");
    }

    @Test
    void refusesChunkSizesThatAreNone() {
        for (String size : List.of(
                "",
                " ",
                "x",
                "-1",
                "+" + SIZE,
                "0x" + SIZE,
                " " + SIZE,
                SIZE + " ",
                SIZE + "\t",
                SIZE + "_0",
                SIZE + ".0",
                SIZE + "h",
                "\u0000" + SIZE,
                SIZE + "\u0000",
                "\u000b" + SIZE,
                "80000000",
                "FFFFFFFF",
                "100000000000000" + SIZE,
                ";",
                ";a=b",
                SIZE + "\r",
                "\r" + SIZE,
                SIZE + " " + SIZE)) {
            refuses(chunk(size, "\r\n", "\r\n"));
        }
    }

    @Test
    void refusesChunksWithWrongEnds() {
        refuses(
                chunk(SIZE, "\n", "\r\n"),
                chunk(SIZE, "\r\n", "\n"),
                chunk(SIZE, "\r\n", "\r"),
                chunk(SIZE, "\r\n", ""),
                chunk(SIZE, "\r\n", "x\r\n"),
                chunk(SIZE, "\r\n", "\r\r\n"),
                chunk(SIZE, "\r\n", "\n\r"),
                chunk(Integer.toHexString(Requests.ONE.length() - 1), "\r\n", "\r\n"),
                chunk(Integer.toHexString(Requests.ONE.length() + 1), "\r\n", "\r\n"));
    }

    @Test
    void refusesChunkExtensionsThatAreNone() {
        for (String extension : List.of(
                ";a\rb",
                ";a\nb",
                ";\n",
                ";\r",
                ";a=\"b",
                ";a=\"\\",
                ";a=\"b\nc\"",
                ";a=\u0000",
                ";a=",
                ";a(",
                ";a=b(c",
                ";\u007f",
                "; \u0001")) {
            refuses(chunk(SIZE + extension, "\r\n", "\r\n"));
        }
        refuses(chunk(SIZE + ";" + "x".repeat(600), "\r\n", "\r\n"));
    }

    @Test
    void refusesTrailersThatAreNone() {
        for (String trailer : List.of(
                "X",
                "X : y",
                ": y",
                "X y: z",
                "X: a\u0000",
                "X: y\n",
                "X: y\rZ: z",
                "Content-Length: 5\r\nContent-Length: 5")) {
            refuses(chunks(SIZE + "\r\n" + Requests.ONE + "\r\n0\r\n" + trailer + "\r\n\r\n"));
        }
    }

    @Test
    void acceptsWhatEveryServerReadsTheSame() {
        String length = String.valueOf(Requests.ONE.length());
        accepts(
                GOOD,
                "\r\n" + GOOD,
                "\r\n\r\n\r\n" + GOOD,
                GOOD.replace(": " + length, ":" + length),
                GOOD.replace(": " + length, ": \t " + length + " \t "),
                GOOD.replace(": " + length, ": 000" + length),
                GOOD.replace("Content-Length", "cOnTeNt-lEnGtH"),
                GOOD.replace("Host: here", "Host: here:8080"),
                GOOD.replace("Host: here", "Host: [::1]:8080"),
                GOOD.replace("Host: here", "Host:"),
                GOOD.replace("here\r\n", "here\r\nX:\r\n"),
                GOOD.replace("here\r\n", "here\r\nX: \u00e9 \t y\r\n"),
                GOOD.replace("here\r\n", "here\r\nX_y!#$%&'*+-.^`|~1: y\r\n"),
                GOOD.replace("HTTP/1.1", "HTTP/1.2"),
                Requests.chunked(Requests.ONE, 1),
                Requests.chunked(Requests.ONE, 7),
                Requests.chunked(Requests.ONE, 1000),
                with("Transfer-Encoding:   CHUNKED\t\r\n", SIZE + "\r\n" + Requests.ONE + "\r\n0\r\n\r\n"),
                chunk("000" + SIZE, "\r\n", "\r\n"),
                chunk(SIZE.toUpperCase(java.util.Locale.ROOT), "\r\n", "\r\n"),
                chunk(SIZE + ";a", "\r\n", "\r\n"),
                chunk(SIZE + " ; a = b", "\r\n", "\r\n"),
                chunk(SIZE + ";a=\"b;c\\\"d\"", "\r\n", "\r\n"),
                chunks(SIZE + "\r\n" + Requests.ONE + "\r\n000;last\r\n\r\n"),
                chunks(SIZE + "\r\n" + Requests.ONE + "\r\n0\r\nX: y\r\nTransfer-Encoding: gzip\r\n\r\n"),
                chunks(SIZE + "\r\n" + Requests.ONE + "\r\n0\r\nContent-Length: 5\r\n\r\n"));
    }
}

package io.metricstream.http;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Makes requests, good ones and ones that were damaged on purpose, from a seed. */
public final class RequestMaker {
    private static final List<String> FRAGMENTS = List.of(
            "\r\n",
            "\n",
            "\r",
            "\r\n\r\n",
            "\0",
            " ",
            "\t",
            ":",
            ",",
            ";",
            "0\r\n\r\n",
            "5\r\nhello\r\n",
            "Content-Length: 5\r\n",
            "Content-Length: 99999999999\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip\r\n",
            "Content-Encoding: zstd\r\n",
            "Content-Encoding: br\r\n",
            "Content-Type: text/plain\r\n",
            "Expect: 100-continue\r\n",
            "Connection: close\r\n",
            "Host: x\r\n",
            " HTTP/1.0",
            " HTTP/2.0",
            "?partial=%zz",
            "?partial=false",
            "{\"metrics\":[",
            "]}",
            "}",
            "\"",
            "GET ",
            "X-Request-Id: abc\r\n");

    private final Random random;

    public RequestMaker(Random random) {
        this.random = random;
    }

    /** A request that must be answered 200. */
    public String good() {
        int metrics = 1 + random.nextInt(20);
        String body = Requests.metrics(metrics);
        return switch (random.nextInt(9)) {
            case 0 -> Requests.get("/health");
            case 1 -> Requests.get("/metrics", "X-Request-Id: r" + random.nextInt(100));
            case 2 -> Requests.chunked(body, 1 + random.nextInt(body.length() + 5));
            case 3 -> Requests.post(gzip(body), "Content-Encoding: gzip");
            case 4 -> Requests.chunked(zstd(body), 1 + random.nextInt(40), "Content-Encoding: zstd");
            case 5 ->
                Requests.post(
                        "{\"name\":\"line\",\"value\":1}\n".repeat(metrics), "Content-Type: application/x-ndjson");
            case 6 ->
                Requests.postTo("/api/v1/metrics?partial=false", body, "Authorization: client" + random.nextInt(9));
            case 7 -> "\r\n" + Requests.post(body, "Content-Type: application/json; charset=utf-8");
            default -> Requests.post(body);
        };
    }

    /** Requests one behind the other, of which some are no longer what they were. */
    public String damaged() {
        var text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(good());
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            damage(text);
        }
        return text.toString();
    }

    private void damage(StringBuilder text) {
        if (text.length() == 0) {
            return;
        }
        int at = random.nextInt(text.length());
        int length = Math.min(text.length() - at, 1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 4));
        switch (random.nextInt(7)) {
            case 0 -> text.setCharAt(at, (char) random.nextInt(256));
            case 1 -> text.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(8)));
            case 2 -> text.delete(at, at + length);
            case 3 -> text.insert(at, text.substring(at, at + length));
            case 4 -> text.insert(at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
            case 5 -> insertAtLine(text, at);
            default -> text.setLength(at);
        }
    }

    /** Where header lines begin, a fragment does more harm. */
    private void insertAtLine(StringBuilder text, int from) {
        int line = text.indexOf("\r\n", from);
        text.insert(line < 0 ? from : line + 2, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
    }

    private static String zstd(String text) {
        return Requests.latin1(Zstd.compress(AnswerReader.latin1(text)));
    }

    private static String gzip(String text) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(AnswerReader.latin1(text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return Requests.latin1(out.toByteArray());
    }
}

package io.metricstream.http;

import java.nio.charset.StandardCharsets;

/** Requests as text, one character a byte. */
public final class Requests {
    public static final String ONE = "{\"metrics\":[{\"name\":\"cpu_usage\",\"value\":75.5}]}";

    private Requests() {}

    public static String get(String path, String... headers) {
        return request("GET", path, headers) + "\r\n";
    }

    /** A write with its length said. */
    public static String post(String body, String... headers) {
        return postTo("/metrics", body, headers);
    }

    public static String postTo(String path, String body, String... headers) {
        return request("POST", path, headers) + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A write in chunks of this size. */
    public static String chunked(String body, int size, String... headers) {
        var text = new StringBuilder(request("POST", "/metrics", headers));
        text.append("Transfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < body.length(); at += size) {
            String chunk = body.substring(at, Math.min(body.length(), at + size));
            text.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return text.append("0\r\n\r\n").toString();
    }

    /** The head up to and without the empty line. */
    public static String request(String method, String path, String... headers) {
        var text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: here\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.toString();
    }

    /** So many good metrics. */
    public static String metrics(int count) {
        var json = new StringBuilder("{\"metrics\":[");
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"m\",\"value\":")
                    .append(i)
                    .append('}');
        }
        return json.append("]}").toString();
    }

    public static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}

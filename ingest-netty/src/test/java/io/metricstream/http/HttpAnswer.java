package io.metricstream.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One answer as a client gets it, names of headers in lower case. */
public record HttpAnswer(int status, List<Map.Entry<String, String>> headers, String text) {
    private static final JsonMapper JSON = new JsonMapper();

    /** The value of a header that may stand once; null where it does not stand. */
    public String header(String name) {
        List<String> values = headers.stream()
                .filter(header -> header.getKey().equals(name.toLowerCase(Locale.ROOT)))
                .map(Map.Entry::getValue)
                .toList();
        if (values.size() > 1) {
            throw new AssertionError("the header " + name + " stands " + values.size() + " times: " + this);
        }
        return values.isEmpty() ? null : values.get(0);
    }

    public boolean closes() {
        return "close".equals(header("connection"));
    }

    public JsonNode json() {
        return JSON.readTree(text);
    }

    /** The word for programs; in a header where the body is in Prometheus's shape; empty where it is no error of ours. */
    public String code() {
        String code = header("x-error-code");
        return code == null ? json().path("code").asString("") : code;
    }

    @Override
    public String toString() {
        return status + " " + headers + " " + text;
    }
}

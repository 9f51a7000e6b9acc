package io.metricstream.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a request as its query and a form in its body have them, those of the body first. Immutable. */
final class Parameters {
    private static final int MOST = 1024;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** Fails with IllegalArgumentException where one of them cannot be read. */
    Parameters(String uri, String form) {
        add(new QueryStringDecoder(form, false));
        add(new QueryStringDecoder(uri));
    }

    /** All values of a parameter, in order. */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The first value, or another where there is none. */
    String first(String name, String instead) {
        List<String> all = all(name);
        return all.isEmpty() || all.get(0).isEmpty() ? instead : all.get(0);
    }

    private void add(QueryStringDecoder decoder) {
        decoder.parameters().forEach((name, more) -> values.computeIfAbsent(name, any -> new ArrayList<>())
                .addAll(more));
        if (values.size() > MOST) {
            throw new IllegalArgumentException("too many parameters: wanted at most " + MOST);
        }
    }
}

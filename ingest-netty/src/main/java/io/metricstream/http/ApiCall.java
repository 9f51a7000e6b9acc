package io.metricstream.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can be asked, most of it under {@code /api/v1}, about what is stored and about the server, as Prometheus has it. */
public enum ApiCall {
    SERIES("/api/v1/series", "series", Takes.PARAMETERS),
    LABELS("/api/v1/labels", "labels", Takes.PARAMETERS),
    LABEL_VALUES("/api/v1/label/{name}/values", "label_values", Takes.PARAMETERS),
    METADATA("/api/v1/metadata", "metadata", Takes.QUERY),
    /** How many series there are, by metric, label and value. */
    CARDINALITY("/api/v1/status/tsdb", "status_tsdb", Takes.PARAMETERS),
    BUILD_INFO("/api/v1/status/buildinfo", "status_buildinfo", Takes.QUERY),
    RUNTIME_INFO("/api/v1/status/runtimeinfo", "status_runtimeinfo", Takes.QUERY),
    FLAGS("/api/v1/status/flags", "status_flags", Takes.QUERY),
    /** The samples refused last. */
    REJECTS("/api/v1/status/rejects", "status_rejects", Takes.QUERY),
    /** A query at a single moment. */
    QUERY("/api/v1/query", "query", Takes.PARAMETERS),
    QUERY_RANGE("/api/v1/query_range", "query_range", Takes.PARAMETERS),
    /** The exemplars of a query's series, of which there are none. */
    QUERY_EXEMPLARS("/api/v1/query_exemplars", "query_exemplars", Takes.PARAMETERS),
    /** The canonical text of a query. */
    FORMAT_QUERY("/api/v1/format_query", "format_query", Takes.PARAMETERS),
    /** The tree of a query. */
    PARSE_QUERY("/api/v1/parse_query", "parse_query", Takes.PARAMETERS),
    RULES("/api/v1/rules", "rules", Takes.QUERY),
    ALERTS("/api/v1/alerts", "alerts", Takes.QUERY),
    /** The newest samples, for another Prometheus to scrape. */
    FEDERATE("/federate", "federate", Takes.QUERY),
    /** Samples for a Prometheus that has them read from here. */
    READ("/api/v1/read", "read", Takes.MESSAGE),
    /** Samples as lines. */
    EXPORT("/api/v1/export", "export", Takes.PARAMETERS);

    private enum Takes {
        QUERY,
        PARAMETERS,
        /** A body that is no form, by POST only. */
        MESSAGE
    }

    private static final String LINES = "application/stream+json; charset=utf-8";
    private static final String LABEL_START = "/api/v1/label/";
    private static final String LABEL_END = "/values";
    private static final Map<String, ApiCall> BY_PATH =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(call -> call.path, Function.identity()));

    private final String path;
    private final String text;
    private final Takes takes;

    ApiCall(String path, String text, Takes takes) {
        this.path = path;
        this.text = text;
        this.takes = takes;
    }

    /** The word in statistics. */
    String text() {
        return text;
    }

    String contentType() {
        return switch (this) {
            case EXPORT -> LINES;
            case READ -> BodyKind.PROTOBUF;
            case FEDERATE -> StatsFormat.PROMETHEUS.contentType();
            default -> Answer.JSON;
        };
    }

    /** Whether it may take long to compute, and is none of the questions that are looked up. */
    boolean computes() {
        return this == QUERY || this == QUERY_RANGE || this == READ;
    }

    /** Whether it looks at what is stored, which ends when its client leaves. */
    boolean reads() {
        return switch (this) {
            case SERIES, LABELS, LABEL_VALUES, METADATA, CARDINALITY, QUERY, QUERY_RANGE, FEDERATE, READ, EXPORT ->
                true;
            default -> false;
        };
    }

    /** What is at a path; null where nothing is. */
    static @Nullable ApiCall at(String path) {
        return labelName(path) == null ? BY_PATH.get(path) : LABEL_VALUES;
    }

    /** The name, still encoded, in a path that asks for the values of a label; null in another one. */
    static @Nullable String labelName(String path) {
        int end = path.length() - LABEL_END.length();
        boolean named = end > LABEL_START.length() && path.startsWith(LABEL_START) && path.endsWith(LABEL_END);
        return named && path.indexOf('/', LABEL_START.length()) == end
                ? path.substring(LABEL_START.length(), end)
                : null;
    }

    boolean allows(HttpMethod method) {
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        boolean posts = method.equals(HttpMethod.POST);
        return switch (takes) {
            case QUERY -> reads;
            case PARAMETERS -> reads || posts;
            case MESSAGE -> posts;
        };
    }

    /** As in the {@code Allow} header. */
    String allowed() {
        return switch (takes) {
            case QUERY -> "GET, HEAD, OPTIONS";
            case PARAMETERS -> "GET, HEAD, OPTIONS, POST";
            case MESSAGE -> "OPTIONS, POST";
        };
    }
}

package io.metricstream.http;

import io.metricstream.auth.AccessRole;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/** What a path and method lead to. */
enum Route {
    WRITE("write"),
    /** Writes lines with a series and some of its samples each. */
    IMPORT("import"),
    /** Writes series as Prometheus and those that follow it send them. */
    REMOTE_WRITE("remote_write"),
    /** The web page, or a file of it. */
    PAGE("page"),
    STATS("stats"),
    HEALTH("health"),
    READY("ready"),
    /** Deletes samples. */
    DELETE_SERIES("delete_series"),
    /** Makes a snapshot of what is stored. */
    SNAPSHOT("snapshot"),
    SERIES(ApiCall.SERIES),
    LABELS(ApiCall.LABELS),
    LABEL_VALUES(ApiCall.LABEL_VALUES),
    METADATA(ApiCall.METADATA),
    CARDINALITY(ApiCall.CARDINALITY),
    BUILD_INFO(ApiCall.BUILD_INFO),
    RUNTIME_INFO(ApiCall.RUNTIME_INFO),
    FLAGS(ApiCall.FLAGS),
    REJECTS(ApiCall.REJECTS),
    QUERY(ApiCall.QUERY),
    QUERY_RANGE(ApiCall.QUERY_RANGE),
    QUERY_EXEMPLARS(ApiCall.QUERY_EXEMPLARS),
    FORMAT_QUERY(ApiCall.FORMAT_QUERY),
    PARSE_QUERY(ApiCall.PARSE_QUERY),
    RULES(ApiCall.RULES),
    ALERTS(ApiCall.ALERTS),
    FEDERATE(ApiCall.FEDERATE),
    READ(ApiCall.READ),
    EXPORT(ApiCall.EXPORT),
    /** A known path asked for its methods. */
    OPTIONS("options"),
    /** Nothing here, or not with this method. */
    NONE("none");

    private static final String DELETE_SERIES_PATH = "/api/v1/admin/tsdb/delete_series";
    private static final String IMPORT_PATH = "/api/v1/import";
    private static final String SNAPSHOT_PATH = "/api/v1/admin/tsdb/snapshot";

    private final String text;
    private final @Nullable ApiCall call;

    Route(String text) {
        this.text = text;
        this.call = null;
    }

    Route(ApiCall call) {
        this.text = call.text();
        this.call = call;
    }

    private static Route of(ApiCall call) {
        for (Route route : values()) {
            if (route.call == call) {
                return route;
            }
        }
        throw new IllegalStateException("no route leads to " + call);
    }

    /** What is asked; null where the route is no call of the API. */
    @Nullable
    ApiCall call() {
        return call;
    }

    /** The word in statistics. */
    String text() {
        return text;
    }

    /** The role it asks for. */
    AccessRole role() {
        return switch (this) {
            case WRITE, IMPORT, REMOTE_WRITE -> AccessRole.WRITE;
            case DELETE_SERIES, SNAPSHOT -> AccessRole.ADMIN;
            default -> AccessRole.READ;
        };
    }

    /** Leads a path (without its query) and method to a route; {@link #NONE} where {@link #allowed} says why. */
    static Route find(HttpMethod method, String path) {
        String allow = allowed(path);
        if (allow == null) {
            return NONE;
        }
        if (method.equals(HttpMethod.OPTIONS)) {
            return OPTIONS;
        }
        ApiCall api = ApiCall.at(path);
        if (api != null) {
            return api.allows(method) ? of(api) : NONE;
        }
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        boolean changes = method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT);
        if (WebFiles.isServed(path)) {
            return reads ? PAGE : NONE;
        }
        return switch (path) {
            case "/metrics", "/api/v1/metrics" -> method.equals(HttpMethod.POST) ? WRITE : reads ? STATS : NONE;
            case IMPORT_PATH -> method.equals(HttpMethod.POST) ? IMPORT : NONE;
            case "/api/v1/write", "/api/v1/push" -> method.equals(HttpMethod.POST) ? REMOTE_WRITE : NONE;
            case "/health" -> reads ? HEALTH : NONE;
            case "/ready" -> reads ? READY : NONE;
            case DELETE_SERIES_PATH -> changes ? DELETE_SERIES : NONE;
            case SNAPSHOT_PATH -> changes ? SNAPSHOT : NONE;
            default -> NONE;
        };
    }

    /** The methods of a path, as in the {@code Allow} header; null where the path is unknown. */
    static @Nullable String allowed(String path) {
        ApiCall api = ApiCall.at(path);
        if (api != null) {
            return api.allowed();
        }
        if (WebFiles.isServed(path)) {
            return "GET, HEAD, OPTIONS";
        }
        return switch (path) {
            case "/metrics", "/api/v1/metrics" -> "GET, HEAD, OPTIONS, POST";
            case IMPORT_PATH, "/api/v1/write", "/api/v1/push" -> "OPTIONS, POST";
            case "/health", "/ready" -> "GET, HEAD, OPTIONS";
            case DELETE_SERIES_PATH, SNAPSHOT_PATH -> "OPTIONS, POST, PUT";
            case "*" -> "GET, HEAD, OPTIONS, POST";
            default -> null;
        };
    }
}

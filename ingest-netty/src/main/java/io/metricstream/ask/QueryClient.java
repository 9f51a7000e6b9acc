package io.metricstream.ask;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.QueryResult;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a server queries, by Prometheus's API; any server that has it will do.
 *
 * <p>Limits: an answer is in memory as a whole, and has to begin within ten minutes.
 */
@OwnedBy(Role.MAIN)
public final class QueryClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final String WRONG_QUERY = "invalid parameter \"query\": ";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final String address;
    private final @Nullable String authorization;

    /**
     * @param server where it is; a path is that of the API
     * @param authorization what the header of that name says
     */
    public QueryClient(URI server, @Nullable String authorization) {
        String text = server.toString();
        this.address = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.authorization = authorization;
    }

    /** Asks, and waits for the result. */
    public QueryResult run(QueryRequest asked) throws AskException, InterruptedException {
        HttpRequest request = request(asked);
        try {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                JsonNode reply = json(body.readAllBytes());
                if (answer.statusCode() == 200
                        && reply.path("status").asString("").equals("success")) {
                    return ResultReader.read(reply, asked.startMillis());
                }
                throw failed(answer.statusCode(), reply);
            }
        } catch (IOException e) {
            String why = e instanceof ConnectException ? "cannot connect" : String.valueOf(e.getMessage());
            throw new AskException(request.uri() + ": " + why, false);
        }
    }

    private HttpRequest request(QueryRequest asked) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("query", asked.query());
        boolean instant = asked.stepMillis() == 0;
        if (instant) {
            form.put("time", seconds(asked.startMillis()));
        } else {
            form.put("start", seconds(asked.startMillis()));
            form.put("end", seconds(asked.endMillis()));
            form.put("step", seconds(asked.stepMillis()));
        }
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(address + (instant ? "/api/v1/query" : "/api/v1/query_range")))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        String identity = authorization;
        if (identity != null) {
            request.header("Authorization", identity);
        }
        return request.build();
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).toPlainString();
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.nullNode();
        }
    }

    private AskException failed(int status, JsonNode reply) {
        String error = reply.path("error").asString("");
        if (error.isEmpty()) {
            return new AskException(
                    address + " answered " + status + ", wanted the answer of Prometheus's API to a query", false);
        }
        String advice =
                switch (status) {
                    case 401 -> "; give a key that the server knows with --key or --key-file";
                    case 403 -> "; the key needs the role read";
                    default -> "";
                };
        String problem = error.startsWith(WRONG_QUERY) ? error.substring(WRONG_QUERY.length()) : error;
        return new AskException(problem + advice, status == 400);
    }
}

package io.metricstream.feed;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends one request at a time, and again as long as the server asks for time or cannot be reached.
 *
 * <p>Limits: {@value #MOST_TRIES} tries of a request; between two of them what the server asks for, at most
 * {@value #MOST_WAIT_SECONDS} s, or one second.
 */
@OwnedBy(Role.MAIN)
final class FeedClient {
    private static final int MOST_TRIES = 100;
    private static final int MOST_WAIT_SECONDS = 60;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int SHOWN_CHARS = 300;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI address;
    private final @Nullable String authorization;
    private final FeedWatcher watcher;
    private long retries;

    FeedClient(FeedPlan plan, FeedWatcher watcher) {
        this.address = plan.server().resolve("/api/v1/import");
        this.authorization = plan.authorization();
        this.watcher = watcher;
    }

    /** Requests that were sent again. */
    long retries() {
        return retries;
    }

    /** Sends a body until it is carried out; fails where it cannot be. */
    FeedAnswer send(@Borrowed byte[] body) throws FeedException, InterruptedException {
        HttpRequest request = request(body);
        String why = "";
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int waitSeconds = 1;
            try {
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 429 && answer.statusCode() != 503) {
                    return carriedOut(answer);
                }
                why = "answered " + answer.statusCode() + ": " + start(answer.body());
                waitSeconds = waitSeconds(answer);
            } catch (IOException e) {
                why = address + ": " + reason(e);
            }
            retries++;
            watcher.onWaiting(why);
            TimeUnit.SECONDS.sleep(waitSeconds);
        }
        throw new FeedException("given up after " + MOST_TRIES + " tries: " + why);
    }

    private HttpRequest request(byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        String identity = authorization;
        if (identity != null) {
            request.header("Authorization", identity);
        }
        return request.build();
    }

    private FeedAnswer carriedOut(HttpResponse<String> answer) throws FeedException {
        if (answer.statusCode() == 204) {
            return FeedAnswer.STORED;
        }
        JsonNode report = json(answer.body());
        if (answer.statusCode() != 400 || !report.path("code").asString("").equals("invalid_samples")) {
            throw new FeedException("POST " + address + " was answered " + answer.statusCode() + ", wanted 204: "
                    + start(answer.body()) + advice(answer.statusCode()));
        }
        List<FeedAnswer.Fault> faults = new ArrayList<>();
        for (JsonNode error : report.path("errors")) {
            String field = error.path("field").asString("");
            faults.add(new FeedAnswer.Fault(
                    error.path("line").asInt(0),
                    (field.isEmpty() ? "" : field + ": ") + error.path("reason").asString("")));
        }
        return new FeedAnswer(report.path("rejected").asLong(0), faults);
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.nullNode();
        }
    }

    private static String advice(int status) {
        return switch (status) {
            case 401 -> "; give a key that the server knows with --key or --key-file";
            case 403 -> "; the key needs the role write";
            case 413 -> "; send less at once with --batch";
            default -> "";
        };
    }

    /** A whole number of seconds; 1 for a date, or where there is nothing. */
    private static int waitSeconds(HttpResponse<String> answer) {
        String text = answer.headers().firstValue("retry-after").orElse("");
        boolean number =
                text.length() >= 1 && text.length() <= 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Math.max(1, Math.min(MOST_WAIT_SECONDS, Integer.parseInt(text))) : 1;
    }

    /** The client of the JDK says nothing where a connection is refused. */
    private static String reason(IOException failure) {
        String message = failure.getMessage();
        if (message != null) {
            return message;
        }
        return failure instanceof ConnectException ? "connection refused" : failure.toString();
    }

    private static String start(String text) {
        return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "...";
    }
}

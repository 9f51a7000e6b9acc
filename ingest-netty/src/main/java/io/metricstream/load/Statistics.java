package io.metricstream.load;

import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the server what it counts, in all and for each client of the run. Blocks. */
@OwnedBy(Role.MAIN)
final class Statistics {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long MOST_SETTLE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long SETTLE_STEP_MILLIS = 50;
    private static final int EXAMPLE_CHARS = 200;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final URI address;
    private final List<String> identities;
    private final boolean identitiesAreKeys;
    private final NanoClock clock;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    Statistics(LoadPlan plan, NanoClock clock) {
        this.address = plan.server().resolve(plan.path());
        this.identities = plan.identities();
        this.identitiesAreKeys = plan.identitiesAreKeys();
        this.clock = clock;
    }

    /** The counts before the run. Names that nobody but this run uses have counted nothing, and only one is asked for. */
    ServerCounts readFirst() throws LoadException, InterruptedException {
        return read(identitiesAreKeys ? identities : identities.subList(0, 1));
    }

    /** The counts now. Those of all samples are asked for last, so that they are never behind those of a client. */
    private ServerCounts read(List<String> askingAs) throws LoadException, InterruptedException {
        Map<String, Long> storedByClient = new HashMap<>();
        JsonNode last = JSON.nullNode();
        for (String identity : askingAs) {
            last = ask(identity);
            JsonNode asking = last.path("client");
            if (asking.has("name") && asking.has("metrics_stored")) {
                storedByClient.put(
                        asking.path("name").asString(),
                        asking.path("metrics_stored").asLong());
            }
        }
        return new ServerCounts(
                last.path("started_millis").asLong(),
                last.path("metrics_stored").asLong(),
                last.path("metrics_in_flight").asLong(),
                storedByClient);
    }

    /** The counts after the run, once nothing is on its way any more, or after a few seconds. */
    ServerCounts readSettled() throws LoadException, InterruptedException {
        long startNanos = clock.nanos();
        while (ask(identities.get(0)).path("metrics_in_flight").asLong() != 0
                && clock.nanos() - startNanos < MOST_SETTLE_NANOS) {
            TimeUnit.MILLISECONDS.sleep(SETTLE_STEP_MILLIS);
        }
        return read(identities);
    }

    private JsonNode ask(String identity) throws LoadException, InterruptedException {
        HttpResponse<String> answer;
        try {
            answer = client.send(
                    HttpRequest.newBuilder(address)
                            .timeout(TIMEOUT)
                            .header("Authorization", identity)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new LoadException("cannot reach " + address + ": " + reason(e));
        }
        if (answer.statusCode() != 200) {
            throw new LoadException("GET " + address + " was answered " + answer.statusCode() + ", wanted 200: "
                    + start(answer.body()) + advice(answer.statusCode()));
        }
        JsonNode counts;
        try {
            counts = JSON.readTree(answer.body());
        } catch (JacksonException e) {
            counts = JSON.nullNode();
        }
        if (!counts.path("metrics_stored").isNumber()) {
            throw new LoadException("GET " + address + ": found " + start(answer.body())
                    + ", wanted the statistics of MetricStream with a number metrics_stored");
        }
        return counts;
    }

    /** The client of the JDK says nothing where a connection is refused or a name has no address. */
    private static String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "the host has no address";
            }
        }
        String message = failure.getMessage();
        if (message != null) {
            return message;
        }
        return failure instanceof ConnectException ? "connection refused" : failure.toString();
    }

    private static String advice(int status) {
        return switch (status) {
            case 401 -> "; give keys that the server knows with --key or --key-file";
            case 403 -> "; to compare counts, keys need the roles write and read";
            default -> "";
        };
    }

    private static String start(String text) {
        return text.length() <= EXAMPLE_CHARS ? text : text.substring(0, EXAMPLE_CHARS) + "...";
    }
}

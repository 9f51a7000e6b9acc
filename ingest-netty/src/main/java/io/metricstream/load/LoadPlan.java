package io.metricstream.load;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What a run is asked to do.
 *
 * @param server {@code http://HOST:PORT}, with a path in front of {@code /metrics} where a proxy wants one
 * @param identities the {@code Authorization} values that the requests are spread over
 * @param identitiesAreKeys false where the identities are names that nobody but this run uses
 * @param connections kept open, each with one request under way at most
 * @param fleet whose metrics are sent
 * @param samplesPerRequest in each request
 * @param gzip whether bodies are compressed
 * @param retry whether a request answered 429 or 503 is sent again after the time that the answer asks for
 * @param timeout how long a request may go without an answer
 * @param warmUp how long to send at the rate of the first stage before it; compared, but not reported; 0 for not at all
 * @param stages one after the other
 */
public record LoadPlan(
        URI server,
        List<String> identities,
        boolean identitiesAreKeys,
        int connections,
        FleetPlan fleet,
        int samplesPerRequest,
        boolean gzip,
        boolean retry,
        Duration timeout,
        Duration warmUp,
        List<Stage> stages) {
    public LoadPlan {
        identities = List.copyOf(identities);
        stages = List.copyOf(stages);
        if (!"http".equals(server.getScheme()) || server.getHost() == null) {
            throw new IllegalArgumentException("server: found " + server + ", wanted http://HOST:PORT");
        }
        if (identities.isEmpty() || stages.isEmpty()) {
            throw new IllegalArgumentException("found identities=" + identities.size() + ", stages=" + stages.size()
                    + ", wanted at least one of each");
        }
        if (connections < 1 || samplesPerRequest < 1) {
            throw new IllegalArgumentException("found connections=" + connections + ", samples a request="
                    + samplesPerRequest + ", wanted at least one of each");
        }
    }

    int port() {
        return server.getPort() < 0 ? 80 : server.getPort();
    }

    /** Where metrics are posted and statistics are asked for. */
    String path() {
        String prefix = server.getRawPath() == null ? "" : server.getRawPath();
        return (prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix) + "/metrics";
    }
}

package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.config.ConfigException;
import io.metricstream.config.ConfigLoader;
import io.metricstream.config.Machine;
import io.metricstream.config.ServerConfig;
import io.metricstream.http.HttpAnswer;
import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * The whole server in this process, on a free port, so that the leak detector and a debugger see it. At the end its
 * statistics must account for every sample, and it must stop in order.
 */
final class LiveServer implements AutoCloseable {
    private final Server server;
    private String authorization = "";

    private LiveServer(Server server) {
        this.server = server;
    }

    /** Starts and recovers. */
    static LiveServer start(Path data, String... settings) throws Exception {
        LiveServer started = listen(data, settings);
        started.server.recover();
        return started;
    }

    /** Listens, and has not recovered yet. */
    static LiveServer listen(Path data, String... settings) throws Exception {
        return new LiveServer(Server.listen(config(data, settings)));
    }

    static ServerConfig config(Path data, String... settings) throws ConfigException {
        ConfigLoader loader = new ConfigLoader(Machine.current())
                .set("http.port=0")
                .set("http.host=127.0.0.1")
                .set("http.event-loops=2")
                .set("wal.segment=1MiB")
                .set("rate-limit.requests=0")
                .set("warm-up=0")
                .set("data.dir=" + data);
        for (String setting : settings) {
            loader.set(setting);
        }
        return ServerConfig.of(loader.resolve());
    }

    /** The value that goes with the questions that this object asks. */
    LiveServer authorization(String value) {
        authorization = value;
        return this;
    }

    void recover() throws Exception {
        server.recover();
    }

    /** True when there was a warm-up and it is over. */
    boolean awaitWarm() throws InterruptedException {
        return server.awaitWarm(Duration.ofSeconds(60));
    }

    int port() {
        return server.port();
    }

    RawClient connect() throws IOException {
        return RawClient.connect(port());
    }

    /** One request on a connection of its own. */
    HttpAnswer ask(String request) throws IOException {
        try (RawClient client = connect()) {
            return client.send(request).answer();
        }
    }

    JsonNode checkConservation() throws IOException, InterruptedException {
        String[] headers = authorization.isEmpty() ? new String[0] : new String[] {"Authorization: " + authorization};
        return Conservation.check(() -> {
            HttpAnswer answer = ask(Requests.get("/metrics", headers));
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            return answer.text();
        });
    }

    /** Stops as SIGTERM does, and tells whether all was in order. */
    boolean stop() throws InterruptedException {
        return server.stop();
    }

    @Override
    public void close() throws IOException {
        try {
            checkConservation();
            assertThat(stop()).as("stopped in order").isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}

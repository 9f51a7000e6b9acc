package io.metricstream.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A real Prometheus over given samples, as Debian's package {@code prometheus} has it, to compare answers with. */
final class ReferenceServer implements AutoCloseable {
    private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Launch launch;
    private final ApiClient api;

    private ReferenceServer(Launch launch, int port) {
        this.launch = launch;
        this.api = new ApiClient(port);
    }

    /**
     * Starts one in an empty folder; the test is skipped where none is installed.
     *
     * @param openMetrics the samples, in OpenMetrics's text format
     */
    static ReferenceServer start(Path folder, String openMetrics) throws IOException, InterruptedException {
        Installed.assume("prometheus");
        Installed.assume("promtool");
        Path text = Files.writeString(Files.createDirectories(folder).resolve("samples.txt"), openMetrics);
        Path blocks = folder.resolve("blocks");
        List<String> load = List.of(
                "promtool", "tsdb", "create-blocks-from", "openmetrics", "-q", text.toString(), blocks.toString());
        try (Launch promtool = Launch.run(folder, folder.resolve("promtool.log"), load)) {
            if (promtool.exitCode() != 0) {
                throw new IOException("promtool: " + promtool.said());
            }
        }
        Path config = Files.writeString(folder.resolve("prometheus.yml"), "{}\n");
        int port = Installed.freePort();
        Launch launch = Launch.run(
                folder,
                folder.resolve("prometheus.log"),
                List.of(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + blocks,
                        "--storage.tsdb.retention.time=100y",
                        "--web.listen-address=127.0.0.1:" + port));
        var started = new ReferenceServer(launch, port);
        started.awaitReady();
        return started;
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT_NANOS;
        while (System.nanoTime() < deadline && launch.process.isAlive()) {
            try {
                if (api.get("/-/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
            LockSupport.parkNanos(20_000_000L);
        }
        close();
        throw new IOException("prometheus did not start: " + launch.said());
    }

    ApiClient api() {
        return api;
    }

    @Override
    public void close() {
        launch.close();
    }
}

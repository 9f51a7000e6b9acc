package io.metricstream.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real Prometheus over given samples, as Debian's package {@code prometheus} has it, to compare answers with. */
final class ReferenceServer implements AutoCloseable {
    private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Process process;
    private final ApiClient api;

    private ReferenceServer(Process process, int port) {
        this.process = process;
        this.api = new ApiClient(port);
    }

    /**
     * Starts one in an empty folder; the test is skipped where none is installed.
     *
     * @param openMetrics the samples, in OpenMetrics's text format
     */
    static ReferenceServer start(Path folder, String openMetrics) throws IOException, InterruptedException {
        String server = find("prometheus");
        String tool = find("promtool");
        Path text = Files.writeString(Files.createDirectories(folder).resolve("samples.txt"), openMetrics);
        Path blocks = folder.resolve("blocks");
        Path log = folder.resolve("log");
        Process load =
                start(log, tool, "tsdb", "create-blocks-from", "openmetrics", "-q", text.toString(), blocks.toString());
        if (load.waitFor() != 0) {
            throw new IOException("promtool: " + Files.readString(log));
        }
        Path config = Files.writeString(folder.resolve("prometheus.yml"), "{}\n");
        int port = freePort();
        Process process = start(
                log,
                server,
                "--config.file=" + config,
                "--storage.tsdb.path=" + blocks,
                "--storage.tsdb.retention.time=100y",
                "--web.listen-address=127.0.0.1:" + port);
        var started = new ReferenceServer(process, port);
        started.awaitReady(log);
        return started;
    }

    private static String find(String command) {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, command))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), command + " is not installed");
        return found.orElseThrow().toString();
    }

    private static Process start(Path log, String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady(Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT_NANOS;
        while (System.nanoTime() < deadline && process.isAlive()) {
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
        throw new IOException("prometheus did not start: " + Files.readString(log));
    }

    ApiClient api() {
        return api;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

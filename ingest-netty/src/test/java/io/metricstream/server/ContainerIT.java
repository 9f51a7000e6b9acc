package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The image as its user meets it, where a Docker daemon is at hand; skipped, and reported so, where none is. There,
 * docker/image-test looks at the same without Docker.
 *
 * <p>The image is built from docker/Dockerfile, unless -Dmetricstream.image names one that is there already.
 */
@EnabledIf(value = "dockerIsThere", disabledReason = "no Docker daemon here; docker/image-test needs none")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class ContainerIT {
    private static final String IMAGE = System.getProperty("metricstream.image", "metricstream-it:latest");
    private static final int PORT = 8080;
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static boolean dockerIsThere() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @BeforeAll
    static void buildImage() throws IOException, InterruptedException {
        if (System.getProperty("metricstream.image") != null) {
            return;
        }
        // Not with Testcontainers, whose builder does not know RUN --mount.
        ProcessBuilder build = new ProcessBuilder("docker", "build", "-q", "-f", "docker/Dockerfile", "-t", IMAGE, ".");
        build.environment().put("DOCKER_BUILDKIT", "1");
        Process process = build.directory(repository().toFile()).inheritIO().start();
        assertThat(process.waitFor(12, TimeUnit.MINUTES))
                .as("image built in time")
                .isTrue();
        assertThat(process.exitValue()).as("exit code of docker build").isZero();
    }

    @Test
    void findsAcknowledgedSampleAfterRestart() throws Exception {
        try (GenericContainer<?> container = container()) {
            container.start();
            assertThat(container.execInContainer("id", "-u").getStdout().strip())
                    .as("user that runs")
                    .isEqualTo("10001");
            assertThat(container
                            .execInContainer("sh", "-c", "echo x >/opt/metricstream/x")
                            .getExitCode())
                    .as("exit code of a write outside of the volume")
                    .isNotZero();
            assertThat(container
                            .execInContainer("/opt/metricstream/healthcheck")
                            .getExitCode())
                    .as("exit code of the health check")
                    .isZero();

            post(portOf(container), "{\"metrics\":[{\"name\":\"container_it\",\"value\":41.5}]}");
            int port = portOf(container);
            Conservation.check(() -> statistics(port));
            assertThat(stop(container)).as("exit code after SIGTERM").isZero();
            container
                    .getDockerClient()
                    .startContainerCmd(container.getContainerId())
                    .exec();
            awaitReady(portOf(container));

            assertThat(container
                            .execInContainer("metricstream", "export", "--data", "/data")
                            .getStdout())
                    .contains("\"name\":\"container_it\",\"value\":41.5");
        }
    }

    @Test
    void givesSmallerHeapToSmallerContainer() throws Exception {
        try (GenericContainer<?> container = container()) {
            container.withCreateContainerCmdModifier(
                    command -> hostConfig(command.getHostConfig()).withMemory(300L << 20));
            container.start();
            assertThat(container
                            .execInContainer("sh", "-c", "tr '\\0' '\\n' </proc/1/cmdline")
                            .getStdout())
                    .contains("-Xmx120m\n");
        }
    }

    /** With what an operator would add: nothing but the volume and /tmp to write to, and no rights that are not needed. */
    private static GenericContainer<?> container() {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(IMAGE));
        container.withExposedPorts(PORT);
        container.withCreateContainerCmdModifier(command ->
                hostConfig(command.getHostConfig()).withReadonlyRootfs(true).withTmpFs(Map.of("/tmp", "noexec")));
        container.waitingFor(Wait.forHttp("/ready").forPort(PORT).withStartupTimeout(READY_WITHIN));
        return container;
    }

    private static HostConfig hostConfig(HostConfig config) {
        return Objects.requireNonNull(config, "Testcontainers hands in a host configuration");
    }

    private static int stop(GenericContainer<?> container) {
        DockerClient docker = container.getDockerClient();
        String id = container.getContainerId();
        docker.stopContainerCmd(id).withTimeout(30).exec();
        return docker.waitContainerCmd(id)
                .exec(new WaitContainerResultCallback())
                .awaitStatusCode(40, TimeUnit.SECONDS);
    }

    /** Asked each time, as Docker gives another port of the host after a restart. */
    private static int portOf(GenericContainer<?> container) {
        InspectContainerResponse now = container
                .getDockerClient()
                .inspectContainerCmd(container.getContainerId())
                .exec();
        Ports.Binding[] bindings =
                now.getNetworkSettings().getPorts().getBindings().get(ExposedPort.tcp(PORT));
        return Integer.parseInt(bindings[0].getHostPortSpec());
    }

    private void post(int port, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(port, "/metrics"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"success\":true");
    }

    private String statistics(int port) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(port, "/metrics")).build(), BodyHandlers.ofString())
                .body();
    }

    private void awaitReady(int port) throws InterruptedException {
        var request = HttpRequest.newBuilder(uri(port, "/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        long rounds = READY_WITHIN.toMillis() / 100;
        for (long round = 0; round < rounds; round++) {
            try {
                if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException notListeningYet) {
                // Asked again below.
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("not ready within " + READY_WITHIN);
    }

    private static URI uri(int port, String path) {
        return URI.create("http://" + DockerClientFactory.instance().dockerHostIpAddress() + ":" + port + path);
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docker/Dockerfile"))) {
            folder = Objects.requireNonNull(folder.getParent(), "docker/Dockerfile is in no folder above");
        }
        return folder;
    }
}

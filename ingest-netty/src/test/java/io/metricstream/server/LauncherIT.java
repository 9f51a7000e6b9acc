package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a clone of its own, whose {@code mvnw} copies what this build has made instead of making it again, and
 * writes down that it was called.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(300)
final class LauncherIT {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Path DIST = Path.of("target", "dist").toAbsolutePath();
    private static final Pattern LISTENING = Pattern.compile("listening: host=127\\.0\\.0\\.1, port=(\\d+)");

    @TempDir
    private Path folder;

    private Path clone;
    private Path launcher;

    @BeforeEach
    void makeClone() throws IOException {
        clone = Files.createDirectories(folder.resolve("a clone with spaces"));
        launcher = Files.copy(REPOSITORY.resolve("metricstream"), clone.resolve("metricstream"));
        Files.createFile(clone.resolve("pom.xml"));
        mvnw("cp -R '" + DIST + "' ingest-netty/target/dist");
    }

    private void mvnw(String work) throws IOException {
        Path mvnw = clone.resolve("mvnw");
        Files.writeString(
                mvnw, """
                #!/bin/sh
                set -e
                echo "$@" >>builds
                mkdir -p ingest-netty/target ingest-netty/src/main
                touch ingest-netty/pom.xml
                """ + work + "\nrm -rf ingest-netty/target/dist/cds\ntouch ingest-netty/target/dist/VERSION\n");
        Files.setPosixFilePermissions(mvnw, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Launch launch(String name, String... arguments) throws IOException {
        return Launch.run(folder, folder.resolve(name + ".out"), launcher, arguments);
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(clone.resolve("builds"));
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(clone.resolve("ingest-netty/target/dist/cds"))) {
            return files.toList();
        }
    }

    @Test
    void buildsOnFirstUseAndBecomesTheJvm() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("ms"), launcher);
        var options = List.of(
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString());
        for (int start = 1; start <= 2; start++) {
            var command = new ArrayList<>(List.of(link.toString(), "serve"));
            command.addAll(options);
            try (Launch server = Launch.run(folder, folder.resolve(start + ".out"), command)) {
                server.awaitSaying("ready: ");
                Matcher listening = LISTENING.matcher(server.said());
                assertThat(listening.find()).as(server.said()).isTrue();
                assertThat(status("http://127.0.0.1:" + listening.group(1) + "/ready"))
                        .isEqualTo(200);
                // The process that was started is the JVM now.
                assertThat(server.process.info().command())
                        .hasValueSatisfying(command0 -> assertThat(command0).endsWith("/bin/java"));
                assertThat(server.process.info().arguments().orElseThrow())
                        .anyMatch(argument -> argument.startsWith("-XX:SharedArchiveFile="));
                server.process.destroy();
                assertThat(server.exitCode()).as(server.said()).isZero();
                assertThat(server.said().contains("first start: building")).isEqualTo(start == 1);
                assertThat(server.said().contains("preparing faster starts")).isEqualTo(start == 1);
            }
        }
        assertThat(builds()).containsExactly("-q -B -ntp -Dquick -pl ingest-netty -am package");
        assertThat(archives()).singleElement().satisfies(archive -> assertThat(archive)
                .isNotEmptyFile());
        assertThat(clone.resolve("target/launcher.lock")).doesNotExist();
    }

    @Test
    void buildsOnceForStartsAtTheSameTime() throws Exception {
        mvnw("until [ -f go ]; do sleep 0.05; done\ncp -R '" + DIST + "' ingest-netty/target/dist");
        try (Launch first = launch("first", "version")) {
            first.awaitSaying("first start: building");
            try (Launch second = launch("second", "version")) {
                second.awaitSaying("waiting for another start that is building");
                Files.createFile(clone.resolve("go"));
                assertThat(first.exitCode()).as(first.said()).isZero();
                assertThat(second.exitCode()).as(second.said()).isZero();
                assertThat(second.said()).contains("metricstream ", "java ");
            }
        }
        assertThat(builds()).hasSize(1);
    }

    @Test
    void takesTheLockOfABuilderThatDied() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path lock = Files.createDirectories(clone.resolve("target/launcher.lock"));
        Files.writeString(lock.resolve("pid"), dead.pid() + "\n");
        try (Launch launch = launch("dead", "version")) {
            assertThat(launch.exitCode()).as(launch.said()).isZero();
        }
        assertThat(builds()).hasSize(1);
    }

    @Test
    void saysThatABuildFailedAndLeavesNoLock() throws Exception {
        mvnw("echo the compiler complains; exit 1");
        try (Launch launch = launch("broken", "serve")) {
            assertThat(launch.exitCode()).isEqualTo(1);
            assertThat(launch.said()).contains("the compiler complains", "metricstream: the build failed");
        }
        assertThat(clone.resolve("target/launcher.lock")).doesNotExist();
    }

    @Test
    void saysWhenTheSourcesAreNewerThanTheBuild() throws Exception {
        try (Launch launch = launch("fresh", "serve", "--check")) {
            assertThat(launch.exitCode()).as(launch.said()).isZero();
            assertThat(launch.said()).contains("http.port = 8080").doesNotContain("newer");
        }
        Path built = clone.resolve("ingest-netty/target/dist/VERSION");
        Path source = Files.createDirectories(clone.resolve("ingest-netty/src/main/java"));
        Files.setLastModifiedTime(
                source,
                java.nio.file.attribute.FileTime.from(
                        Files.getLastModifiedTime(built).toInstant().plusSeconds(2)));
        try (Launch launch = launch("stale", "serve", "--check")) {
            assertThat(launch.exitCode()).as(launch.said()).isZero();
            assertThat(launch.said()).contains("the sources are newer than this build");
        }
    }

    @Test
    void startsFromAFolderThatItMayNotWriteTo() throws Exception {
        var command = new ArrayList<String>();
        if (isRoot()) {
            // Root may write anywhere, so somebody else tries.
            assumeTrue(Launch.run(folder, folder.resolve("setpriv.out"), List.of("setpriv", "--version"))
                            .exitCode()
                    == 0);
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        mvnw("cp -R '" + DIST + "' ingest-netty/target/dist");
        try (Launch build = launch("build", "version")) {
            assertThat(build.exitCode()).as(build.said()).isZero();
        }
        assertThat(new ProcessBuilder("chmod", "-R", "a+rX,a-w", clone.toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(new ProcessBuilder("chmod", "a+x", folder.toString()).start().waitFor())
                .isZero();
        try {
            command.addAll(List.of(launcher.toString(), "serve", "--check"));
            try (Launch launch = Launch.run(folder, folder.resolve("readonly.out"), command)) {
                assertThat(launch.exitCode()).as(launch.said()).isZero();
                assertThat(launch.said()).contains("http.port = 8080").doesNotContain("preparing");
            }
        } finally {
            new ProcessBuilder("chmod", "-R", "u+w", clone.toString()).start().waitFor();
        }
    }

    @Test
    void hasTheSystemSpeakEnglishWhateverNamesAreWrittenIn() throws Exception {
        fakeJava("17.0.1", "echo \"all=${LC_ALL-} names=$LC_CTYPE messages=$LC_MESSAGES.\"");
        var command = List.of("env", "JAVA_HOME=" + folder, "LC_ALL=C.UTF-8", launcher.toString(), "version");
        try (Launch launch = Launch.run(folder, folder.resolve("locale.out"), command)) {
            assertThat(launch.exitCode()).isZero();
            assertThat(launch.said()).contains("all= names=C.UTF-8 messages=C.");
        }
    }

    /** Otherwise most of what is kept in a small heap would have no room in it. */
    @Test
    void givesTheYoungATenthOfWhateverHeapThereIs() throws Exception {
        fakeJava("17.0.1", "echo \"$@\"");
        for (String[] heap : new String[][] {
            {"-Xmx256m", "25"},
            {"-Dx=y -Xmx2g -Dz=1", "204"},
            {"-XX:MaxHeapSize=536870912", "51"},
            {"-Xmx64m -Xmx524288k", "51"}
        }) {
            var command = List.of(
                    "env", "JAVA_HOME=" + folder, "METRICSTREAM_JAVA_OPTS=" + heap[0], launcher.toString(), "version");
            try (Launch launch = Launch.run(folder, folder.resolve("heap.out"), command)) {
                assertThat(launch.exitCode()).isZero();
                assertThat(launch.said()).contains("-XX:MaxNewSize=" + heap[1] + "m ", heap[0]);
            }
        }
    }

    private void fakeJava(String version, String script) throws IOException {
        Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    @Test
    void saysWhichJavaDoesNotDo() throws Exception {
        var command = List.of("env", "JAVA_HOME=" + folder, launcher.toString(), "version");
        try (Launch launch = Launch.run(folder, folder.resolve("nojava.out"), command)) {
            assertThat(launch.exitCode()).isEqualTo(1);
            assertThat(launch.said()).contains("JAVA_HOME is " + folder + ", but there is no bin/java in it");
        }
        fakeJava("11.0.2", "");
        try (Launch launch = Launch.run(folder, folder.resolve("oldjava.out"), command)) {
            assertThat(launch.exitCode()).isEqualTo(1);
            assertThat(launch.said()).contains("Java 17 or newer is needed", "11.0.2");
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static int status(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
                .statusCode();
    }
}

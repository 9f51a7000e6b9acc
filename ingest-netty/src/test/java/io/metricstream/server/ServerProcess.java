package io.metricstream.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The real server in a process of its own, as a user starts it, for tests that stop it or kill it. Where it still runs at
 * the end of a test, its statistics must account for every sample.
 */
final class ServerProcess implements AutoCloseable {
    /** Ends with what cannot be the next digit of the port. */
    private static final Pattern LISTENING = Pattern.compile("listening: host=[^,]+, port=(\\d+)[^\\d]");

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    final int port;
    private final Process process;
    private final Path output;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private String authorization = "";

    private ServerProcess(int port, Process process, Path output) {
        this.port = port;
        this.process = process;
        this.output = output;
    }

    /** Starts a server on this data folder and a free port, and waits until it listens. */
    static ServerProcess start(Path data, Path output, String... options) throws IOException {
        return start(List.of(), data, output, options);
    }

    /** The same, where a command that starts others is put before it. */
    static ServerProcess start(List<String> before, Path data, Path output, String... options) throws IOException {
        var command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-ea", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("io.metricstream.server.Main", "serve", "--host", "127.0.0.1"));
        command.addAll(List.of("--port", "0", "--data", data.toString()));
        command.addAll(List.of(options));
        long outputBefore = Files.exists(output) ? Files.size(output) : 0;
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        return new ServerProcess(awaitPort(process, output, outputBefore), process, output);
    }

    private static int awaitPort(Process process, Path output, long outputBefore) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            byte[] all = Files.readAllBytes(output);
            int before = (int) outputBefore;
            Matcher line = LISTENING.matcher(new String(all, before, all.length - before, StandardCharsets.UTF_8));
            if (line.find()) {
                return Integer.parseInt(line.group(1));
            }
            if (!process.isAlive()) {
                throw new IOException("the server ended with " + process.exitValue() + ": " + Files.readString(output));
            }
            LockSupport.parkNanos(10_000_000L);
        }
        process.destroyForcibly();
        throw new IOException("the server did not listen: " + Files.readString(output));
    }

    /** Waits until {@code /ready} answers 200. */
    ServerProcess awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new IOException("the server ended with " + process.exitValue() + ": " + Files.readString(output));
            }
            if (get("/ready").statusCode() == 200) {
                return this;
            }
            LockSupport.parkNanos(20_000_000L);
        }
        throw new IOException("the server did not become ready: " + Files.readString(output));
    }

    /** The value that goes with every request from here on. */
    ServerProcess authorization(String value) {
        authorization = value;
        return this;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The statistics as Prometheus gets them. */
    String scrape() throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(uri("/metrics"))
                                .timeout(Duration.ofSeconds(20))
                                .header("Accept", "text/plain")
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** One value of them; the name with its labels, as it is written there. */
    double scrape(String name) throws IOException, InterruptedException {
        String all = scrape();
        return all.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + name + " in the statistics: " + all));
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    /** Waits until nothing is under way, checks that every sample is accounted for, and gives the statistics back. */
    JsonNode checkConservation() throws IOException, InterruptedException {
        return Conservation.check(() -> {
            HttpResponse<String> answer = get("/metrics");
            if (answer.statusCode() != 200) {
                throw new IOException("no statistics: " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        });
    }

    /** What the process has in memory now, as the system counts it. */
    long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    /** The files and sockets that it has open. */
    long openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(process.pid()), "fd"))) {
            return open.count();
        }
    }

    /** What is alive in its heap, after a collection. */
    long liveHeapBytes() throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process histogram = new ProcessBuilder(jcmd, String.valueOf(process.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        return new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("Total "))
                .mapToLong(line -> Long.parseLong(line.replaceAll("Total +\\d+ +(\\d+).*", "$1")))
                .findFirst()
                .orElseThrow();
    }

    /** What {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Checks the statistics, sends SIGTERM and gives back the exit code. */
    int terminate() throws IOException, InterruptedException {
        checkConservation();
        signalTerm();
        return awaitExit();
    }

    /** Sends SIGTERM and does not wait. */
    void signalTerm() {
        process.destroy();
    }

    int awaitExit() throws IOException, InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IOException("the server did not end: " + Files.readString(output));
        }
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() throws IOException {
        try {
            if (process.isAlive()) {
                checkConservation();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            kill();
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}

package io.metricstream.peers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, started and stopped, and asked over a connection that stays open. */
final class PeerServer implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final int ATTEMPT_MILLIS = 100;

    private final String name;
    private final List<String> command;
    private final String base;
    private final String readyPath;
    private final File log;
    private Process process;

    PeerServer(String name, List<String> command, int port, String readyPath, Path log) throws IOException {
        this.name = name;
        this.command = List.copyOf(command);
        this.base = "http://127.0.0.1:" + port;
        this.readyPath = readyPath;
        this.log = log.toFile();
        this.process = start();
    }

    /** This project's, without limits of rate; its data go into a folder beside its log. */
    static PeerServer metricStream(Path folder, int port) throws IOException {
        String data = folder.resolve("metricstream").toString();
        return new PeerServer(
                "MetricStream",
                List.of("./metricstream", "serve", "--port", "" + port, "--data", data, "--rate-limit", "0"),
                port,
                "/ready",
                folder.resolve("metricstream.log"));
    }

    private Process start() throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    String name() {
        return name;
    }

    void awaitReady() throws IOException, InterruptedException {
        for (int attempt = 0; attempt < START_SECONDS * 1000 / ATTEMPT_MILLIS; attempt++) {
            if (process.waitFor(ATTEMPT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException(name + " ended: exit code " + process.exitValue() + ", log " + log);
            }
            try {
                get(readyPath);
                return;
            } catch (IOException notYet) {
                // The next attempt tells; the last one is the failure below.
            }
        }
        throw new IOException(name + " is not ready after " + START_SECONDS + " s, log " + log);
    }

    /** Stops it as its operator would, and starts it again over the same data. */
    void restart() throws IOException, InterruptedException {
        stop();
        process = start();
        awaitReady();
    }

    /** The body of an answer of 200. */
    byte[] get(String path) throws IOException {
        return bodyOf((HttpURLConnection) new URL(base + path).openConnection());
    }

    void post(String path, byte[] body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(base + path).openConnection();
        connection.setDoOutput(true);
        connection.setRequestMethod("POST");
        connection.setFixedLengthStreamingMode(body.length);
        connection.getOutputStream().write(body);
        byte[] unused = bodyOf(connection);
    }

    private byte[] bodyOf(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status / 100 == 2) {
            try (InputStream in = connection.getInputStream()) {
                return in.readAllBytes();
            }
        }
        try (InputStream in = connection.getErrorStream()) {
            String said = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            throw new IOException(name + " answers " + status + " to " + connection.getURL() + ": " + said);
        }
    }

    private void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}

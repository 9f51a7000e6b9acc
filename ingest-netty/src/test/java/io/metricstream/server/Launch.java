package io.metricstream.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that the launcher has become, or what it said when it did not. */
final class Launch implements AutoCloseable {
    private static final long LIMIT_SECONDS = 120;

    final Process process;
    private final Path output;

    private Launch(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Runs a command in a folder with this JVM as the Java to use; {@code output} gets what it says. */
    static Launch run(Path folder, Path output, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("METRICSTREAM_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return new Launch(builder.start(), output);
    }

    static Launch run(Path folder, Path output, Path launcher, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(launcher.toString());
        command.addAll(List.of(arguments));
        return run(folder, output, command);
    }

    /** Waits for its end; returns the exit code. */
    int exitCode() throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the launcher did not end: " + said());
        }
        return process.exitValue();
    }

    /** Waits until it has said this. */
    void awaitSaying(String words) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!said().contains(words)) {
            if (System.nanoTime() > deadline) {
                throw new IOException("found no \"" + words + "\" in: " + said());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    String said() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}

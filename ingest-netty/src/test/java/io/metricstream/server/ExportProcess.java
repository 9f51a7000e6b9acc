package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The real {@code metricstream export} in a process of its own. */
final class ExportProcess {
    /** The program, as a user's {@code ./metricstream} starts it. */
    static final List<String> METRICSTREAM = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-ea",
            // As the manifest of the jar allows it; otherwise newer JVMs warn of it.
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "io.metricstream.server.Main");

    /** How it ended and what it said. */
    record Result(int exitCode, String out, String err) {}

    private ExportProcess() {}

    /** Starts an export of this folder. */
    static CompletableFuture<Result> start(Path data, String... options) throws IOException {
        var command = new ArrayList<>(METRICSTREAM);
        command.addAll(List.of("export", "--data", data.toString()));
        command.addAll(List.of(options));
        return start(command);
    }

    static CompletableFuture<Result> start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
        return process.onExit()
                .thenCombine(out, (ended, text) -> text)
                .thenCombine(err, (text, problems) -> new Result(process.exitValue(), text, problems));
    }

    /** Everything in a folder as JSON Lines. */
    static String lines(Path data) throws IOException {
        Result result = start(data).join();
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.out();
    }

    private static String read(java.io.InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README's examples against the real server; in the answers shown, {@code …} stands for anything. */
final class ReadmeIT {
    private static final Pattern EXAMPLE =
            Pattern.compile("```sh\\n(?<command>.*?)```\\n```json\\n(?<answer>.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private record Example(String command, String answer) {}

    private static List<Example> examples() throws IOException {
        var examples = new ArrayList<Example>();
        var matcher = EXAMPLE.matcher(Files.readString(readme()));
        while (matcher.find()) {
            examples.add(new Example(matcher.group("command"), matcher.group("answer")));
        }
        return examples;
    }

    private static Path readme() {
        Path here = Path.of("README.md");
        return Files.exists(here) ? here : Path.of("..", "README.md");
    }

    @Test
    void answersEveryExampleAsTheReadmeSays() throws Exception {
        List<Example> examples = examples();
        assertThat(examples).hasSizeGreaterThan(4);
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"), folder.resolve("server.log"))
                .awaitReady()) {
            for (Example example : examples) {
                String command = example.command()
                        .replace("localhost:8080", "127.0.0.1:" + server.port)
                        .replace("./metricstream", String.join(" ", ExportProcess.METRICSTREAM))
                        .replace("--data data", "--data " + folder.resolve("data"));
                String wanted = example.answer()
                        .strip()
                        .lines()
                        .flatMap(line -> Pattern.compile("…").splitAsStream(line))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*"));
                assertThat(run(command)).as(command).matches(Pattern.compile(wanted, Pattern.DOTALL));
            }
        }
    }

    private static String run(String command) throws IOException {
        Process process = new ProcessBuilder("bash", "-c", command)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}

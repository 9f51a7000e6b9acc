package io.metricstream.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The public cases of JSON's grammar, read from where they lie beside the project; none is copied into it. */
class JsonGrammarTest {
    private final Probe probe = new Probe();

    @Test
    void judgesEachCaseAsABody() throws IOException {
        for (Path file : cases()) {
            byte[] body = Files.readAllBytes(file);
            String name = file.getFileName().toString();
            for (int round = 0; round < 2; round++) {
                assertThat(probe.parse(body, BodyFormat.JSON)).as(name).isFalse();
                if (name.startsWith("y_")) {
                    assertThat(probe.report.malformedCode()).as(name).isEqualTo(ParseReport.INVALID_REQUEST);
                } else if (name.startsWith("n_")) {
                    assertThat(probe.report.malformedCode()).as(name).isEqualTo(ParseReport.INVALID_JSON);
                    assertThat(probe.report.line()).as(name).isPositive();
                    assertThat(probe.report.column()).as(name).isPositive();
                }
            }
        }
    }

    @Test
    void judgesEachCaseInAnIgnoredField() throws IOException {
        for (Path file : cases()) {
            String name = file.getFileName().toString();
            for (String around : List.of(
                    "{\"x\":@,\"metrics\":[{\"name\":\"a\",\"value\":1}]}",
                    "{\"metrics\":[{\"name\":\"a\",\"value\":1}],\"x\":@}",
                    "{\"metrics\":[{\"x\":@,\"name\":\"a\",\"value\":1}]}",
                    "{\"metrics\":[{\"name\":\"a\",\"value\":1,\"x\":@}]}")) {
                byte[] body = embed(around, Files.readAllBytes(file));
                boolean accepted = probe.parse(body, BodyFormat.JSON);
                if (name.startsWith("y_")) {
                    assertThat(accepted).as(name + " in " + around).isTrue();
                    assertThat(probe.report.accepted()).as(name).isEqualTo(1);
                } else if (name.startsWith("n_")) {
                    assertThat(accepted).as(name + " in " + around).isFalse();
                }
            }
        }
    }

    private static byte[] embed(String around, byte[] inner) throws IOException {
        int at = around.indexOf('@');
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(around.substring(0, at).getBytes(StandardCharsets.UTF_8));
        body.write(inner);
        body.write(around.substring(at + 1).getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    private static List<Path> cases() throws IOException {
        String set = System.getProperty("conformance.dir");
        List<Path> roots = new ArrayList<>();
        if (set != null) {
            roots.add(Path.of(set));
        } else {
            roots.add(Path.of("../shared/conformance"));
            roots.add(Path.of("../../shared/conformance"));
        }
        for (Path root : roots) {
            Path folder = root.resolve("json/test_parsing");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    return files.filter(file -> file.toString().endsWith(".json"))
                            .sorted()
                            .toList();
                }
            }
        }
        assumeTrue(false, "no folder of JSON cases; -Dconformance.dir names one");
        return List.of();
    }
}

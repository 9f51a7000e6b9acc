package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.config.ConfigKeys;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as a user sees them: exit code, standard output, standard error. */
final class CommandsTest {
    @TempDir
    private Path folder;

    record Run(int exitCode, String out, String err) {}

    static Run run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine commandLine = Commands.commandLine(OutputStream.nullOutputStream());
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int exitCode = commandLine.execute(args);
        return new Run(exitCode, out.toString(), err.toString());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void outputThatCannotBeWrittenIsAFailure() throws IOException {
        try (var full = new FileOutputStream("/dev/full")) {
            var out = new StandardOutput(full);
            assertThat(Commands.run(new String[] {"version"}, out)).isEqualTo(ExitCode.FAILURE);
            assertThat(out.problem()).startsWith("standard output: not all of it could be written: ");
        }
    }

    @Test
    void aReaderWhoHasHadEnoughIsNoFailure() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().close();
        try (OutputStream sink = Channels.newOutputStream(pipe.sink())) {
            assertThat(Commands.run(new String[] {"version"}, new StandardOutput(sink)))
                    .isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void everyCommandHasHelpWithExitCodes() {
        for (String command : Commands.commandLine(OutputStream.nullOutputStream())
                .getSubcommands()
                .keySet()) {
            Run run = run(command, "--help");
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).startsWith("Usage: metricstream " + command).contains("Exit codes:");
        }
        assertThat(run("--help").out()).contains("serve", "verify").doesNotContain("rehearse");
    }

    @Test
    void serveHelpListsEveryKey() {
        String help = run("serve", "--help").out();
        assertThat(ConfigKeys.ALL).allSatisfy(key -> assertThat(help).contains("  " + key.name() + " ("));
    }

    @Test
    void wrongCommandLinesEndWithTwo() {
        assertThat(run().exitCode()).isEqualTo(2);
        assertThat(run("serv").exitCode()).isEqualTo(2);
        assertThat(run("serv").err()).contains("serve");
        assertThat(run("serve", "--prt", "1").exitCode()).isEqualTo(2);
        assertThat(run("keys").exitCode()).isEqualTo(2);
        for (String command : List.of("verify", "repair")) {
            assertThat(run(command, folder.resolve("none").toString()).exitCode())
                    .isEqualTo(2);
        }
    }

    @Test
    void refusedConfigurationsEndWithTwoAndSayAllThatIsWrong() {
        Run run = run("serve", "--port", "http", "--set", "durabilty=os", "--rate-limit", "-1");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines())
                .containsExactly(
                        "metricstream: --set: unknown key durabilty; did you mean durability?",
                        "metricstream: --port: http.port: found \"http\", wanted a whole number from 0 to 65535",
                        "metricstream: --rate-limit: rate-limit.requests: found \"-1\", wanted 0 (off) or a whole number up to"
                                + " 10000000");
    }

    @Test
    void checkShowsTheConfigurationAndStartsNothing() {
        Run run = run("serve", "--check", "--port", "99", "--host", "::1", "--data", "/d", "--durability", "os");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .contains(
                        "http.port = 99 (--port)",
                        "http.host = ::1 (--host)",
                        "data.dir = /d (--data)",
                        "durability = os (--durability)",
                        "rate-limit.requests = 10000 (default)")
                .hasSize(ConfigKeys.ALL.size());
    }

    @Test
    void loadSaysAllThatIsWrongWithItsOptionsAndShowsNoKey() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        Run run = run(
                "load",
                "--url",
                "https://here",
                "--connections",
                "0",
                "--rate",
                "fast",
                "--rps-steps",
                "10,0",
                "--duration",
                "10",
                "--batch",
                "1e3",
                "--hosts",
                "-1",
                "--seed",
                "x",
                "--timeout",
                "1ms",
                "--warm-up",
                "-1s",
                "--clients",
                "2",
                "--key",
                "se cret",
                "--key",
                "good",
                "--key-file",
                empty.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .containsExactly(
                        "metricstream: --url: found \"https://here\", wanted http://HOST:PORT",
                        "metricstream: --connections: found \"0\", wanted a whole number from 1 to 20000",
                        "metricstream: --key: found something else, wanted visible ASCII characters",
                        "metricstream: --clients: found with keys, of which each is a client; wanted one or the other",
                        "metricstream: --duration: found \"10\", wanted a duration from 100ms to 7d, such as 500ms, 10s or"
                                + " 1h30m",
                        "metricstream: --rate: found with --rps-steps, wanted one or the other",
                        "metricstream: --rps-steps: found \"0\", wanted a whole number from 1 to 10000000",
                        "metricstream: --hosts: found \"-1\", wanted a whole number from 1 to 100000",
                        "metricstream: --seed: found \"x\", wanted a whole number from 0 to 2147483647",
                        "metricstream: --batch: found \"1e3\", wanted a whole number from 1 to 100000",
                        "metricstream: --warm-up: found \"-1s\", wanted a duration from 0 to 1h, such as 500ms, 10s or 1h30m",
                        "metricstream: --timeout: found \"1ms\", wanted a duration from 100ms to 1h, such as 500ms, 10s or"
                                + " 1h30m");
        assertThat(run("load", "--key-file", empty.toString()).err()).contains("--key-file: found no key in " + empty);
        assertThat(run("load", "--key-file", folder.resolve("none").toString()).err())
                .contains("--key-file: cannot be read: ");
    }

    @Test
    void versionTellsBothVersions() {
        assertThat(run("version").out()).contains("metricstream ", "java " + Runtime.version());
    }

    @Test
    void keysAreAddedListedAndRemoved() {
        String file = folder.resolve("keys.json").toString();
        Run added = run("keys", "add", "fleet", "--file", file);
        assertThat(added.exitCode()).isZero();
        assertThat(added.out()).startsWith("ms_");
        assertThat(run("keys", "add", "boss", "--role", "admin,read", "--file", file)
                        .exitCode())
                .isZero();
        assertThat(run("keys", "add", "fleet", "--file", file).exitCode()).isZero();
        assertThat(run("keys", "list", "--file", file).out().lines())
                .containsExactly("fleet\twrite\tkeys=2", "boss\tadmin,read\tkeys=1");
        assertThat(run("keys", "remove", "fleet", "--old", "--file", file).out().strip())
                .isEqualTo("removed 1 keys of fleet");
        assertThat(run("keys", "remove", "boss", "--set", "auth.file=" + file).exitCode())
                .isZero();
        assertThat(run("keys", "list", "--file", file).out().lines()).containsExactly("fleet\twrite\tkeys=1");
        assertThat(run("keys", "remove", "boss", "--file", file).exitCode()).isEqualTo(1);
    }

    @Test
    void keysSayWhatIsMissing() {
        assertThat(run("keys", "list").exitCode()).isEqualTo(2);
        assertThat(run("keys", "add", "x", "--role", "king", "--file", "f").err())
                .contains("found \"king\", wanted write, read or admin");
        Run run = run("keys", "list", "--file", folder.resolve("none").toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no such file");
        assertThat(Files.exists(folder.resolve("none"))).isFalse();
    }
}

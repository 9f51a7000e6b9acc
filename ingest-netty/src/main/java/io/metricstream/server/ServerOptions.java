package io.metricstream.server;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that ask a server: which, and as whom. */
@OwnedBy(Role.MAIN)
final class ServerOptions {
    private static final String DEFAULT_SERVER = "http://localhost:8080";

    @Option(names = "--server", paramLabel = "URL", description = "The server; default " + DEFAULT_SERVER + ".")
    private @Nullable String server;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The key of a client that may do this (role write to import, read to query), sent as Bearer."
                    + " Others on this machine can see it, unlike that in --key-file.")
    private @Nullable String key;

    @Option(names = "--key-file", paramLabel = "FILE", description = "A file with the key on its first line.")
    private @Nullable Path keyFile;

    /** Whether any of them is there. */
    boolean areGiven() {
        return server != null || key != null || keyFile != null;
    }

    URI address(OptionProblems problems) {
        return problems.value(
                "--server", server == null ? DEFAULT_SERVER : server, ServerKinds.ANY, URI.create("http://localhost"));
    }

    /** What the header of this name says; null for nothing. A key that is refused is not shown. */
    @Nullable
    String authorization(OptionProblems problems) {
        if (key != null && keyFile != null) {
            problems.add("--key: found with --key-file, wanted one or the other");
        }
        String text = key;
        if (text == null && keyFile != null) {
            try {
                List<String> lines = Files.readAllLines(keyFile);
                text = lines.isEmpty() ? "" : lines.get(0);
            } catch (IOException e) {
                problems.add("--key-file: cannot be read: " + e);
            }
        }
        if (text == null) {
            return null;
        }
        Optional<String> checked = ServerKinds.KEY.parse().apply(text);
        if (checked.isEmpty()) {
            problems.add((key == null ? "--key-file" : "--key") + ": found something else, wanted "
                    + ServerKinds.KEY.wanted());
        }
        return "Bearer " + checked.orElse("");
    }
}

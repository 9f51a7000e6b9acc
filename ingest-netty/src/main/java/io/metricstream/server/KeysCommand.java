package io.metricstream.server;

import io.metricstream.auth.AccessRole;
import io.metricstream.auth.ClientEntry;
import io.metricstream.auth.KeyFile;
import io.metricstream.auth.KeyFileException;
import io.metricstream.config.ConfigKeys;
import io.metricstream.limit.RateOverride;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes, lists and removes the keys of clients. A running server takes the file over within a second. */
@Command(
        name = "keys",
        description = "Makes, lists and removes the keys of clients; a running server takes changes over by itself.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = {KeysCommand.Add.class, KeysCommand.ListAll.class, KeysCommand.Remove.class})
@OwnedBy(Role.MAIN)
final class KeysCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "found no command, wanted add, list or remove");
    }

    /** Which file. */
    static final class Where {
        @Mixin
        private ConfigOptions configuration;

        @Option(names = "--file", paramLabel = "FILE", description = "The file of clients; otherwise auth.file.")
        private @Nullable Path file;

        KeyFile keyFile() throws CommandFailure {
            Optional<Path> configured = configuration.settings().get(ConfigKeys.AUTH_FILE);
            Path path = file == null ? configured.orElse(null) : file;
            if (path == null) {
                throw CommandFailure.usage("found no file of clients, wanted --file FILE or the setting auth.file");
            }
            return new KeyFile(path);
        }
    }

    /** One command on the file. */
    @FunctionalInterface
    private interface Work {
        int run(PrintWriter out) throws KeyFileException, CommandFailure;
    }

    private static int onFile(CommandSpec spec, Work work) throws CommandFailure {
        PrintWriter out = spec.commandLine().getOut();
        try {
            return work.run(out);
        } catch (KeyFileException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        } finally {
            out.flush();
        }
    }

    private static String words(Set<AccessRole> roles) {
        var words = new TreeSet<String>();
        roles.forEach(role -> words.add(role.word()));
        return String.join(",", words);
    }

    /** A new key. */
    @Command(
            name = "add",
            description = "Makes a key for a client and shows it, once; a client that has one gets another beside it.")
    static final class Add implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Where where;

        @Parameters(paramLabel = "NAME", description = "The client, as it appears in statistics and the log.")
        private String name;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                split = ",",
                description = "What it may do: write (default), read, admin; several with commas.")
        private List<String> roles = List.of();

        @Override
        public Integer call() throws CommandFailure {
            Set<AccessRole> wanted = EnumSet.noneOf(AccessRole.class);
            for (String role : roles) {
                wanted.add(roleOf(role));
            }
            KeyFile file = where.keyFile();
            return onFile(spec, out -> {
                boolean known = wanted.isEmpty() && knows(file);
                out.println(
                        file.add(name, known ? Set.of() : wanted.isEmpty() ? EnumSet.of(AccessRole.WRITE) : wanted));
                return ExitCode.OK;
            });
        }

        private boolean knows(KeyFile file) {
            try {
                return file.list().stream()
                        .anyMatch(entry ->
                                entry.name().equals(name) && !entry.roles().isEmpty());
            } catch (KeyFileException e) {
                // No file yet, or one that add refuses with the same words.
                return false;
            }
        }

        private AccessRole roleOf(String word) throws CommandFailure {
            AccessRole role = AccessRole.named(word);
            if (role == null) {
                throw CommandFailure.usage("--role: found \"" + word + "\", wanted write, read or admin");
            }
            return role;
        }
    }

    /** All clients. */
    @Command(name = "list", description = "Lists the clients: name, roles, number of keys, limits that differ.")
    static final class ListAll implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Where where;

        @Override
        public Integer call() throws CommandFailure {
            KeyFile file = where.keyFile();
            return onFile(spec, out -> {
                for (ClientEntry entry : file.list()) {
                    out.println(entry.name() + "\t" + words(entry.roles()) + "\tkeys="
                            + entry.keys().size() + limits(entry.limits()));
                }
                return ExitCode.OK;
            });
        }

        private static String limits(RateOverride limits) {
            return limit("requests", limits.requestsPerSecond())
                    + limit("samples", limits.samplesPerSecond())
                    + limit("bytes", limits.bytesPerSecond());
        }

        private static String limit(String what, long perSecond) {
            return perSecond == RateOverride.INHERIT ? "" : "\t" + what + "=" + perSecond;
        }
    }

    /** A client, or its keys but the newest. */
    @Command(name = "remove", description = "Removes a client with all its keys and limits.")
    static final class Remove implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Where where;

        @Parameters(paramLabel = "NAME", description = "The client.")
        private String name;

        @Option(names = "--old", description = "Only remove its keys but the newest, once that one is in use.")
        private boolean oldOnly;

        @Override
        public Integer call() throws CommandFailure {
            KeyFile file = where.keyFile();
            return onFile(spec, out -> {
                if (oldOnly) {
                    out.println("removed " + file.removeOldKeys(name) + " keys of " + name);
                } else if (file.remove(name)) {
                    out.println("removed " + name);
                } else {
                    throw CommandFailure.failed("found no client \"" + name + "\"");
                }
                return ExitCode.OK;
            });
        }
    }
}

package io.metricstream.server;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command without a name, which holds the others. */
@Command(
        name = "metricstream",
        description = "A metrics server that answers only when the samples are on the disk.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = {
            ServeCommand.class,
            LoadCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            QueryCommand.class,
            KeysCommand.class,
            VerifyCommand.class,
            RepairCommand.class,
            RestoreCommand.class,
            VersionCommand.class,
            RehearseCommand.class
        })
@OwnedBy(Role.MAIN)
final class Commands implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "found no command, wanted one of those below");
    }

    /** Runs the command that the arguments name; returns what the process ends with. */
    static int run(String[] args, StandardOutput out) {
        CommandLine commandLine = commandLine(out);
        int exitCode = commandLine.execute(args);
        commandLine.getOut().flush();
        String problem = out.problem();
        if (problem == null || exitCode != ExitCode.OK) {
            return exitCode;
        }
        return onFailure(CommandFailure.failed(problem), commandLine.getErr());
    }

    /** All commands, with help, exit codes and one way to tell errors. */
    static CommandLine commandLine(OutputStream out) {
        var commandLine = new CommandLine(new Commands());
        prepare(commandLine);
        // What it writes is UTF-8, whatever the locale says.
        commandLine.setOut(new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true));
        commandLine.setExecutionExceptionHandler((failure, failed, parsed) -> onFailure(failure, failed.getErr()));
        return commandLine;
    }

    private static void prepare(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.mixinStandardHelpOptions(false);
        spec.addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
        spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(ExitCode.help());
        command.setAbbreviatedOptionsAllowed(false);
        command.getSubcommands().values().forEach(Commands::prepare);
    }

    /** What a command expected to go wrong is said in a line; the rest is a bug and ends in a stack trace. */
    private static int onFailure(Exception failure, PrintWriter err) {
        if (failure instanceof CommandFailure expected) {
            expected.problems().forEach(problem -> err.println("metricstream: " + problem));
            err.flush();
            return expected.exitCode();
        }
        failure.printStackTrace(err);
        err.flush();
        return ExitCode.BUG;
    }
}

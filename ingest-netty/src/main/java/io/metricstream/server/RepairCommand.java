package io.metricstream.server;

import io.metricstream.export.StoredFolder;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.repair.FolderCheck;
import io.metricstream.repair.FolderRepair;
import io.metricstream.storage.Disk;
import io.metricstream.storage.FolderLock;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.WalDamage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sets aside what is damaged in a data folder. */
@Command(
        name = "repair",
        description = "Checks a data folder that no server uses, as verify does, moves what is damaged to its folder"
                + " quarantine, and says exactly what is lost with it. What is whole stays as it is; a second run finds"
                + " nothing. Ends with 0 when the folder is sound afterwards.")
@OwnedBy(Role.MAIN)
final class RepairCommand implements Callable<Integer> {
    private static final String NOT_ALL =
            "damaged: not all of it could be repaired; samples whose series is lost leave the"
                    + " log with the next start and stop of a server";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATA", description = "The data folder.")
    private Path data;

    @Override
    public Integer call() throws CommandFailure {
        DataFolders.require(data);
        var disk = new RealDisk();
        try (FolderLock lock = FolderLock.tryTake(data)) {
            if (lock == null) {
                throw CommandFailure.failed(data + " is in use by a server; stop it first");
            }
            return repair(disk);
        } catch (StorageFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }

    private int repair(Disk disk) throws StorageFailure {
        PrintWriter out = spec.commandLine().getOut();
        FolderRepair.Outcome outcome = FolderRepair.repair(disk, data);
        if (!outcome.found().isDamaged()) {
            out.println("sound: nothing to repair");
            out.flush();
            return ExitCode.OK;
        }
        tell(outcome, out);
        try (StoredFolder folder = StoredFolder.open(disk, data)) {
            FolderCheck now = FolderCheck.of(folder);
            if (now.isDamaged()) {
                DamageText.of(now).forEach(out::println);
            }
            out.println(now.isDamaged() ? NOT_ALL : "sound now");
            out.flush();
            return now.isDamaged() ? ExitCode.DAMAGE : ExitCode.OK;
        }
    }

    private void tell(FolderRepair.Outcome outcome, PrintWriter out) {
        long samples = 0;
        for (FolderRepair.SetAside aside : outcome.setAside()) {
            aside.file().reasons().forEach(reason -> out.println(aside.file().path() + ": " + reason));
            out.println("  set aside: " + aside.to());
            out.println("  lost: " + aside.loss());
            samples += aside.lostSamples();
        }
        for (WalDamage damage : outcome.found().log().damage()) {
            out.println("log: " + damage);
        }
        out.println("files-set-aside=" + outcome.setAside().size() + " samples-lost-with-parts=" + samples
                + " log-records-lost=" + outcome.found().log().recordsLost() + " log-samples-without-series="
                + outcome.found().log().orphanSamples());
    }
}

package io.metricstream.server;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.RecoveryReport;
import io.metricstream.storage.wal.WalDamage;
import io.metricstream.storage.wal.WalVerifier;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks every record of a data folder. */
@Command(
        name = "verify",
        description = "Checks every record of a data folder, changes nothing, and says exactly what is damaged."
                + " On the folder of a running server, a write in progress shows as unfinished.")
@OwnedBy(Role.MAIN)
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATA", description = "The data folder.")
    private Path data;

    @Override
    public Integer call() throws CommandFailure {
        if (!Files.isDirectory(data.resolve("wal"))) {
            throw CommandFailure.failed(data + ": found no folder wal in it, wanted a data folder");
        }
        RecoveryReport report;
        try {
            report = WalVerifier.verify(new RealDisk(), data, bytes -> {});
        } catch (StorageFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
        PrintWriter out = spec.commandLine().getOut();
        report.damage().forEach(out::println);
        out.println("segments=" + report.segments() + " records=" + report.records() + " series=" + report.series()
                + " samples=" + report.samples() + " orphan-samples=" + report.orphanSamples()
                + " undecodable-records=" + report.undecodableRecords() + " torn-bytes=" + report.tornBytes()
                + " records-lost=" + report.recordsLost());
        boolean damaged = report.damage().stream().anyMatch(d -> d.kind() != WalDamage.Kind.TORN)
                || report.orphanSamples() > 0
                || report.undecodableRecords() > 0;
        out.println(damaged ? "damaged" : "sound");
        out.flush();
        return damaged ? ExitCode.DAMAGE : ExitCode.OK;
    }
}

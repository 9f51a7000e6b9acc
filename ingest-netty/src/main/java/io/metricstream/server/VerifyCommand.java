package io.metricstream.server;

import io.metricstream.export.StoredFolder;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.part.PartVerifier;
import io.metricstream.storage.store.StoredParts;
import io.metricstream.storage.wal.RecoveryReport;
import io.metricstream.storage.wal.WalDamage;
import io.metricstream.storage.wal.WalVerifier;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks every part and every record of the log of a data folder. */
@Command(
        name = "verify",
        description =
                "Checks every part and every record of a data folder, changes nothing, and says exactly what is damaged."
                        + " On the folder of a running server, a write in progress shows as unfinished.")
@OwnedBy(Role.MAIN)
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATA", description = "The data folder.")
    private Path data;

    @Override
    public Integer call() throws CommandFailure {
        if (!DataFolders.looksLikeOne(data)) {
            throw CommandFailure.failed(data + ": " + DataFolders.PROBLEM);
        }
        try (StoredFolder folder = StoredFolder.open(new RealDisk(), data)) {
            PrintWriter out = spec.commandLine().getOut();
            boolean partsDamaged = verifyParts(folder, out);
            boolean logDamaged = verifyLog(folder, out);
            out.println(partsDamaged || logDamaged ? "damaged" : "sound");
            out.flush();
            return partsDamaged || logDamaged ? ExitCode.DAMAGE : ExitCode.OK;
        } catch (StorageFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }

    private static boolean verifyParts(StoredFolder folder, PrintWriter out) throws StorageFailure {
        var findings = new ArrayList<>(folder.damages());
        int parts = 0;
        for (Path file : folder.partFiles()) {
            if (StoredParts.isPart(file)) {
                parts++;
                PartVerifier.verify(folder.files(), file).stream()
                        .map(finding -> file + ": " + finding)
                        .forEach(findings::add);
            }
        }
        findings.forEach(out::println);
        out.println("parts=" + parts + " findings=" + findings.size());
        return !findings.isEmpty();
    }

    private static boolean verifyLog(StoredFolder folder, PrintWriter out) throws StorageFailure {
        RecoveryReport report = WalVerifier.verify(folder.files(), folder.path(), folder.firstLogged(), bytes -> {});
        report.damage().forEach(out::println);
        out.println("segments=" + report.segments() + " records=" + report.records() + " series=" + report.series()
                + " samples=" + report.samples() + " orphan-samples=" + report.orphanSamples()
                + " undecodable-records=" + report.undecodableRecords() + " torn-bytes=" + report.tornBytes()
                + " records-lost=" + report.recordsLost());
        return report.damage().stream().anyMatch(d -> d.kind() != WalDamage.Kind.TORN)
                || report.orphanSamples() > 0
                || report.undecodableRecords() > 0;
    }
}

package io.metricstream.server;

import io.metricstream.repair.DamagedFile;
import io.metricstream.repair.FolderCheck;
import io.metricstream.storage.wal.RecoveryReport;
import java.util.ArrayList;
import java.util.List;

/** What a check of a data folder has found, as lines for people and scripts. Stateless. */
final class DamageText {
    private DamageText() {}

    /** A line for each thing that is wrong, and two of counts. */
    static List<String> of(FolderCheck check) {
        var lines = new ArrayList<String>();
        for (DamagedFile file : check.damaged()) {
            file.reasons().forEach(reason -> lines.add(file.path() + ": " + reason));
        }
        lines.add("parts=" + check.parts() + " findings=" + lines.size());
        check.log().damage().forEach(damage -> lines.add(damage.toString()));
        lines.add(counts(check.log()));
        return lines;
    }

    private static String counts(RecoveryReport log) {
        return "segments=" + log.segments() + " records=" + log.records() + " series=" + log.series() + " samples="
                + log.samples() + " orphan-samples=" + log.orphanSamples() + " undecodable-records="
                + log.undecodableRecords() + " torn-bytes=" + log.tornBytes() + " records-lost=" + log.recordsLost();
    }
}

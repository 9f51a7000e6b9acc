package io.metricstream.storage.wal;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.util.ArrayList;
import java.util.List;

/** Decodes a log's records for a replay, and remembers all that was wrong with it. */
@OwnedBy(Role.MAIN)
final class WalSurvey implements WalVisitor {
    private final WalReader.Records records;
    private final List<WalDamage> damage = new ArrayList<>();
    private final List<SegmentEnd> ends = new ArrayList<>();
    private final List<WalPosition> epochs = new ArrayList<>();
    private int epoch;
    private int gaps;

    WalSurvey(WalReader.Records records) {
        this.records = records;
    }

    /** What was found broken, in order. */
    List<WalDamage> damage() {
        return damage;
    }

    /** The segments of the log, in order. */
    List<SegmentEnd> ends() {
        return ends;
    }

    /** Where each log epoch begins, in order. */
    List<WalPosition> epochs() {
        return epochs;
    }

    /** The number of the last of them; 0 where there is none. */
    int lastEpoch() {
        return epoch;
    }

    RecoveryReport report() {
        return new RecoveryReport(
                ends.size(),
                records.recordCount,
                records.seriesCount,
                records.sampleCount,
                records.orphanSamples,
                records.undecodable,
                gaps,
                records.maxRef + 1,
                damage);
    }

    @Override
    public void onRecord(byte[] bytes, int at, WalPosition position) throws StorageFailure {
        if (epochs.isEmpty() || epoch != WalLayout.epoch(bytes, at)) {
            epoch = WalLayout.epoch(bytes, at);
            epochs.add(position);
        }
        records.onRecord(bytes, at, position);
    }

    @Override
    public void onGap() {
        gaps++;
    }

    @Override
    public void onDamage(WalDamage found) {
        damage.add(found);
    }

    @Override
    public void onSegmentEnd(SegmentEnd end) {
        ends.add(end);
    }

    @Override
    public void onProgress(long bytes) {
        records.onProgress(bytes);
    }
}

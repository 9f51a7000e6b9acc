package io.metricstream.storage.wal;

import java.util.List;

/**
 * What a start found in the log.
 *
 * @param nextRef one more than the highest ref that any record names
 * @param orphanSamples samples whose series is not known, because its record was lost
 * @param damage what was found broken this time, already mended or set aside; a second start does not find it again,
 *     except for records that are missing without a trace
 */
public record RecoveryReport(
        int segments,
        long records,
        long series,
        long samples,
        long orphanSamples,
        long undecodableRecords,
        int nextRef,
        List<WalDamage> damage) {
    public RecoveryReport {
        damage = List.copyOf(damage);
    }

    /** The bytes of unfinished writes that were cut off. */
    public long tornBytes() {
        return damage.stream()
                .filter(d -> d.kind() == WalDamage.Kind.TORN)
                .mapToLong(WalDamage::lengthBytes)
                .sum();
    }

    /** The records that had been durable and are lost. */
    public long recordsLost() {
        return damage.stream()
                .filter(d -> d.kind() != WalDamage.Kind.TORN)
                .mapToLong(WalDamage::recordsLost)
                .sum();
    }
}

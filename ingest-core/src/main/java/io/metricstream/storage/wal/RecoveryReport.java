package io.metricstream.storage.wal;

import java.util.List;

/**
 * What a start found in the log.
 *
 * @param gaps places that earlier starts have mended, and where records may be missing since
 * @param nextRef one more than the highest ref that any record names
 * @param orphanSamples samples whose series is not known, because its record was lost
 * @param damage what was found broken, which a recovery has mended or set aside, so that the next does not find it again
 */
public record RecoveryReport(
        int segments,
        long records,
        long series,
        long samples,
        long orphanSamples,
        long undecodableRecords,
        int gaps,
        int nextRef,
        List<WalDamage> damage) {
    public RecoveryReport {
        damage = List.copyOf(damage);
    }

    /**
     * Whether something is wrong that no earlier start has dealt with. Unfinished writes are not, and samples whose
     * series is lost are explained by a gap or by other damage.
     */
    public boolean isDamaged() {
        return damage.stream().anyMatch(d -> d.kind() != WalDamage.Kind.TORN)
                || undecodableRecords > 0
                || (orphanSamples > 0 && !isAnythingLost());
    }

    /** Whether bytes of the log are or were damaged, be it the end of a write only. */
    boolean isAnythingLost() {
        return gaps > 0 || !damage.isEmpty();
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

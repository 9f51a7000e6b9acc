package io.metricstream.storage.store;

import io.metricstream.own.ThreadSafe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What the store counts about its work behind. */
@ThreadSafe("counters")
final class StoreStats {
    private final Counter flushes;
    private final Counter flushedBytes;
    private final Counter merges;
    private final Counter mergedParts;
    private final Counter mergedBytes;
    private final Counter droppedParts;
    private final Counter droppedSamples;
    private final Counter damages;
    private final Counter lostSamples;
    private final Counter skipped;
    private final Counter failures;

    StoreStats(MeterRegistry registry, PartSet set, int quarantined) {
        flushes = registry.counter("metricstream.store.flushes");
        flushedBytes = registry.counter("metricstream.store.flushed.bytes");
        merges = registry.counter("metricstream.store.merges");
        mergedParts = registry.counter("metricstream.store.merged.parts");
        mergedBytes = registry.counter("metricstream.store.merged.bytes");
        droppedParts = registry.counter("metricstream.store.dropped.parts");
        droppedSamples = registry.counter("metricstream.store.dropped.samples");
        damages = registry.counter("metricstream.store.damaged.parts");
        lostSamples = registry.counter("metricstream.store.lost.samples");
        skipped = registry.counter("metricstream.store.skipped");
        failures = registry.counter("metricstream.store.failures");
        damages.increment(quarantined);
        Gauge.builder("metricstream.store.parts", set, of -> of.parts().size()).register(registry);
        Gauge.builder("metricstream.store.bytes", set, PartSet::bytes).register(registry);
        Gauge.builder("metricstream.store.samples", set, PartSet::samples).register(registry);
        Gauge.builder("metricstream.store.deletions", set, of -> of.deletions()
                        .all()
                        .size())
                .register(registry);
        Gauge.builder("metricstream.store.write.amplification", this, StoreStats::writeAmplification)
                .strongReference(true)
                .register(registry);
    }

    void onFlushed(long bytes) {
        flushes.increment();
        flushedBytes.increment((double) bytes);
    }

    void onMerged(int parts, long bytes) {
        merges.increment();
        mergedParts.increment(parts);
        mergedBytes.increment((double) bytes);
    }

    void onDropped(int parts, long samples) {
        droppedParts.increment(parts);
        droppedSamples.increment((double) samples);
    }

    void onDamage() {
        damages.increment();
    }

    /** These were in what is damaged. */
    void onLost(long samples) {
        lostSamples.increment((double) samples);
    }

    /** A question was answered without something that is damaged. */
    void onSkipped() {
        skipped.increment();
    }

    void onFailure() {
        failures.increment();
    }

    /** Bytes written to parts over bytes flushed from memory. */
    double writeAmplification() {
        double flushed = flushedBytes.count();
        return flushed == 0 ? 1 : (flushed + mergedBytes.count()) / flushed;
    }
}

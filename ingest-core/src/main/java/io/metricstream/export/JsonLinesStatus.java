package io.metricstream.export;

import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.LogExtent;
import io.metricstream.storage.wal.WalPosition;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The statistics of the JSON Lines file. Thread: its writer sets, anybody reads. */
@ThreadSafe("one volatile reference; Micrometer's counters are thread-safe")
final class JsonLinesStatus {
    private final FollowedLog log;
    private final Counter samples;
    private final Counter failures;
    private volatile WalPosition position = WalPosition.START;

    JsonLinesStatus(FollowedLog log, MeterRegistry registry) {
        this.log = log;
        this.samples = Counter.builder("metricstream.jsonl.samples")
                .description("Samples that are durable in the JSON Lines file")
                .register(registry);
        this.failures = Counter.builder("metricstream.jsonl.failures")
                .description("Attempts to write the JSON Lines file that failed; each is made again")
                .register(registry);
        Gauge.builder("metricstream.jsonl.lag", this, JsonLinesStatus::lagBytes)
                .description("Write-ahead log that is durable and not yet in the JSON Lines file")
                .baseUnit("bytes")
                .register(registry);
    }

    /** The log has been read and written out up to here. */
    void onWritten(WalPosition upTo) {
        position = upTo;
    }

    /** So many more samples are durable. */
    void onDurable(long more) {
        samples.increment((double) more);
    }

    void onFailure() {
        failures.increment();
    }

    double lagBytes() {
        try {
            return LogExtent.bytesBetween(
                    log.disk(), log.dataFolder(), position, log.durable().get());
        } catch (StorageFailure e) {
            return Double.NaN;
        }
    }
}

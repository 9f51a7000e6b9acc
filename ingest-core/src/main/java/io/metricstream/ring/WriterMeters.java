package io.metricstream.ring;

import io.metricstream.own.ThreadSafe;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The statistics of the ring and the disk writer. */
@ThreadSafe("Micrometer's meters are thread-safe")
final class WriterMeters {
    private final Timer commit;
    private final DistributionSummary groupRequests;

    WriterMeters(MeterRegistry registry, WriteRing ring, WriterStatus status) {
        commit = Timer.builder("metricstream.commit")
                .description("Time from a group's first request to its durability")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2))
                .register(registry);
        groupRequests = DistributionSummary.builder("metricstream.commit.requests")
                .description("Requests made durable by one force")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256, 1024)
                .register(registry);
        Gauge.builder("metricstream.ring.slots.used", ring, WriteRing::usedSlots)
                .description("Requests that wait for the disk writer")
                .register(registry);
        Gauge.builder("metricstream.ring.slots", ring, WriteRing::slots)
                .description("Requests that may wait for the disk writer")
                .register(registry);
        Gauge.builder("metricstream.ring.pending", ring, WriteRing::pendingBytes)
                .description("Weight of the requests that wait or are being written")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("metricstream.ring.limit", ring, WriteRing::maxBytes)
                .description("Weight that may wait or be written at once")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("metricstream.writer.idle", status, s -> s.idleNanos() / 1e9)
                .description("Time since the disk writer last finished a group or found nothing to do")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("metricstream.writer.up", status, s -> s.state() == WriterState.WRITING ? 1 : 0)
                .description("1 while writes are taken")
                .register(registry);
        Gauge.builder("metricstream.writer.drain", status, WriterStatus::drainBytesPerSecond)
                .description("Weight made durable a second, lately")
                .baseUnit("bytes_per_second")
                .register(registry);
    }

    void onCommit(int requests, long tookNanos) {
        commit.record(tookNanos, TimeUnit.NANOSECONDS);
        groupRequests.record(requests);
    }
}

package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.http.Admission;
import io.metricstream.http.Readiness;
import io.metricstream.http.Refusal;
import io.metricstream.model.Labels;
import io.metricstream.parse.RejectReason;
import io.metricstream.ring.ManualWriter;
import io.metricstream.ring.WriteOutcome;
import io.metricstream.ring.WriteRequest;
import io.metricstream.ring.WriteRing;
import io.metricstream.rules.RuleSample;
import io.metricstream.stats.IngestStats;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What rules write gets through as soon as it can, and is given up and counted where that takes too long. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
final class RingRuleWriterTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Refusal FULL = Refusal.unavailable("disk_full", "the disk is full", 5);
    private static final List<RuleSample> SAMPLES = List.of(
            new RuleSample(Labels.of(Labels.NAME, "a"), 1, 1), new RuleSample(Labels.of(Labels.NAME, "b"), 1, 2));

    private final ManualWriter disk = new ManualWriter(4, 1 << 20);
    private final IngestStats stats = new IngestStats(new SimpleMeterRegistry());
    private final FakeAdmission admission = new FakeAdmission();
    private final AtomicLong nowNanos = new AtomicLong();
    private final RingRuleWriter writer = new RingRuleWriter(admission, stats, 0, nowNanos::get);
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    /** Refuses as often as it is told to; a minute passes with each refusal. */
    private final class FakeAdmission implements Admission {
        final ArrayDeque<Refusal> refusals = new ArrayDeque<>();

        @Override
        public Refusal check() {
            Refusal refusal = refusals.poll();
            nowNanos.addAndGet(refusal == null ? 0 : TimeUnit.MINUTES.toNanos(1));
            return refusal;
        }

        @Override
        public WriteRing ring() {
            return disk.ring();
        }

        @Override
        public Refusal ringFull() {
            return Refusal.unavailable("ring_full", "too much waits for the disk", 1);
        }

        @Override
        public Readiness readiness() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean draining() {
            return false;
        }
    }

    @AfterEach
    void stop() {
        thread.shutdownNow();
        assertThat(stats.inFlight()).isZero();
        assertThat(stats.received()).isEqualTo(stats.stored() + stats.unavailable() + stats.rejected());
    }

    private Future<String> write() {
        return thread.submit(() -> writer.write(SAMPLES, LONG));
    }

    private WriteRequest next() {
        while (true) {
            List<WriteRequest> taken = disk.take();
            if (!taken.isEmpty()) {
                return taken.get(0);
            }
            LockSupport.parkNanos(1_000_000L);
        }
    }

    @Test
    void isTriedAgainUntilItIsStored() throws Exception {
        admission.refusals.add(FULL);
        Future<String> written = write();
        disk.finish(WriteOutcome.DISK_FULL, List.of(next()));
        disk.finish(WriteOutcome.STORED, List.of(next()));
        assertThat(written.get()).isEmpty();
        assertThat(stats.unavailable())
                .as("the attempt that got as far as the ring")
                .isEqualTo(2);
        assertThat(stats.stored()).isEqualTo(2);
    }

    @Test
    void waitsForRoomInTheRing() throws Exception {
        for (int i = 0; i < disk.ring().slots(); i++) {
            disk.ring().tryPublish(new WriteRequest(writer, done -> {}));
        }
        Future<String> written = write();
        while (stats.unavailable() == 0) {
            LockSupport.parkNanos(1_000_000L);
        }
        disk.storeAll();
        disk.finish(WriteOutcome.STORED, List.of(next()));
        assertThat(written.get()).isEmpty();
    }

    @Test
    void isGivenUpWherePatienceEnds() throws Exception {
        admission.refusals.addAll(List.of(FULL, FULL, FULL));
        assertThat(writer.write(SAMPLES, Duration.ofSeconds(90))).isEqualTo("2 samples not stored: the disk is full");
        assertThat(admission.refusals).hasSize(1);
        assertThat(disk.take()).isEmpty();
    }

    @Test
    void saysWhatThereIsNoRoomFor() throws Exception {
        Future<String> written = write();
        WriteRequest request = next();
        request.batch().refs()[1] = WriteRequest.METRIC_FULL;
        disk.finish(WriteOutcome.STORED, List.of(request));
        assertThat(written.get()).startsWith("1 of 2 samples not stored: no room for their series");
        assertThat(stats.rejected(RejectReason.METRIC_SERIES_LIMIT)).isEqualTo(1);
    }

    @Test
    void endsWhereItIsInterrupted() {
        Future<String> written = write();
        WriteRequest request = next();
        thread.shutdownNow();
        assertThatThrownBy(written::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        disk.finish(WriteOutcome.STORED, List.of(request));
        assertThat(stats.stored())
                .as("what was under way is counted all the same")
                .isEqualTo(2);
    }
}

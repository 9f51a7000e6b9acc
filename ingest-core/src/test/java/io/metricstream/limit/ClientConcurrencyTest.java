package io.metricstream.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Many threads on one client. A decision counts at some instant between the reading of the clock before the call and one
 * after it; so admissions that lie in one second by both readings must not be more than the limit.
 */
class ClientConcurrencyTest {
    private static final int THREADS = 6;
    private static final int TRIES = 60_000;
    private static final long SECOND = CountWindow.WINDOW_NANOS;

    private record Admission(long beforeNanos, long afterNanos) {}

    @Test
    void letsNoSecondHoldMoreThanTheLimitWhateverTheThreadsDo() throws Exception {
        long limit = 500;
        // Each reading moves the clock on by 50 us: 20,000 readings a second, several seconds in all.
        AtomicLong time = new AtomicLong();
        NanoClock clock = () -> time.addAndGet(50_000);
        ClientRegistry registry = new ClientRegistry(RegistryConfig.DEFAULT, new RateLimits(limit, 0, 0), 0);
        Client client = registry.client("fleet", 0);

        List<Admission> admissions = onAllThreads(() -> {
            List<Admission> mine = new ArrayList<>();
            for (int i = 0; i < TRIES; i++) {
                long before = clock.nanos();
                if (client.tryRequest(before, 0).allowed()) {
                    mine.add(new Admission(before, clock.nanos()));
                }
            }
            return mine;
        });

        checkEverySecond(admissions, limit);
        long seconds = time.get() / SECOND;
        assertThat(seconds).isGreaterThan(10);
        // Far more is asked for than the limit lets through, so nearly all of it must have been used.
        assertThat((long) admissions.size()).isBetween(limit * (seconds - 1) * 9 / 10, limit * (seconds + 1));
        assertThat(client.rateCounts().allowed()).isEqualTo(admissions.size());
        assertThat(registry.totals().refusedByRequests()).isEqualTo((long) THREADS * TRIES - admissions.size());
    }

    @Test
    void keepsTheLimitAndTheCountsWhileClientsAreForgotten() throws Exception {
        long limit = 3;
        AtomicLong time = new AtomicLong();
        // Fast enough for the client to be idle between two uses now and then.
        NanoClock clock = () -> time.addAndGet(SECOND / 10);
        ClientRegistry registry =
                new ClientRegistry(new RegistryConfig(10, Duration.ofSeconds(2)), new RateLimits(limit, 0, 0), 0);
        AtomicLong forgotten = new AtomicLong();

        List<Admission> admissions = onAllThreads(() -> {
            List<Admission> mine = new ArrayList<>();
            Client kept = registry.client("fleet", clock.nanos());
            for (int i = 0; i < TRIES; i++) {
                long before = clock.nanos();
                Client client = i % 2 == 0 ? kept : registry.client("fleet", before);
                if (client.tryRequest(before, 0).allowed()) {
                    mine.add(new Admission(before, clock.nanos()));
                }
                if (i % 7 == 0) {
                    forgotten.addAndGet(registry.sweep(time.addAndGet(2 * SECOND)));
                }
            }
            return mine;
        });

        assertThat(forgotten.get()).isGreaterThan(100);
        checkEverySecond(admissions, limit);
        assertThat(registry.totals().allowed()).isEqualTo(admissions.size());
        assertThat(registry.totals().allowed() + registry.totals().refused()).isEqualTo((long) THREADS * TRIES);
        assertThat(registry.size()).isLessThanOrEqualTo(1);
    }

    private static void checkEverySecond(List<Admission> admissions, long limit) {
        List<Admission> ordered = new ArrayList<>(admissions);
        ordered.sort(Comparator.comparingLong(Admission::afterNanos));
        long[] before = ordered.stream().mapToLong(Admission::beforeNanos).toArray();
        long[] after = ordered.stream().mapToLong(Admission::afterNanos).toArray();
        int oldest = 0;
        for (int i = 0; i < after.length; i++) {
            while (after[i] - after[oldest] >= SECOND) {
                oldest++;
            }
            long inside = 0;
            for (int j = oldest; j <= i; j++) {
                if (after[i] - before[j] < SECOND) {
                    inside++;
                }
            }
            assertThat(inside).isLessThanOrEqualTo(limit);
        }
    }

    private static List<Admission> onAllThreads(Callable<List<Admission>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<List<Admission>>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(threads.submit(work));
            }
            List<Admission> all = new ArrayList<>();
            for (Future<List<Admission>> one : running) {
                all.addAll(one.get(60, TimeUnit.SECONDS));
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }
}

package io.metricstream.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** The client against {@link WindowModel}, decision by decision. Repeat one with {@code -Dseed}. */
class ClientModelTest {
    private static final int STEPS = 1500;
    private static final long SECOND = CountWindow.WINDOW_NANOS;

    @RepeatedTest(60)
    void decidesAsTheModelDoes(RepetitionInfo repetition) {
        long seed = Long.getLong("seed", new Random().nextLong());
        Run run = new Run(seed);
        for (int step = 0; step < STEPS; step++) {
            run.step("seed=" + seed + ", step=" + step + ", repetition=" + repetition.getCurrentRepetition());
        }
        run.checkEverySecond("seed=" + seed);
    }

    private static final class Run {
        private final Random random;
        private final RateLimits limits;
        private final ClientRegistry registry;
        private final Client client;
        private final WindowModel requests;
        private final WindowModel samples;
        private final WindowModel bytes;
        private final long scaleNanos;
        private long now;

        Run(long seed) {
            random = new Random(seed);
            limits = new RateLimits(limit(40), limit(1000), limit(100_000));
            now = random.nextInt(4) == 0 ? -SECOND / 2 : random.nextLong() >> 8;
            // From far below the limit to far above it.
            scaleNanos = SECOND / (1 + random.nextInt(100));
            registry = new ClientRegistry(RegistryConfig.DEFAULT, limits, now);
            client = registry.client("fleet", now);
            requests = new WindowModel(now);
            samples = new WindowModel(now);
            bytes = new WindowModel(now);
        }

        private long limit(int most) {
            return random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(most);
        }

        void step(String at) {
            advance();
            long asked = now - (random.nextInt(10) == 0 ? random.nextInt((int) (SECOND / 5)) : 0);
            requests.tick(asked);
            samples.tick(asked);
            bytes.tick(asked);
            switch (random.nextInt(6)) {
                case 0 -> askSamples(at, asked);
                case 1 -> askBytes(at, asked);
                case 2 -> sweep();
                default -> askRequest(at, asked);
            }
        }

        private void advance() {
            now += switch (random.nextInt(20)) {
                case 0 -> SECOND;
                case 1 -> SECOND - 1;
                case 2 -> SECOND + 1;
                case 3 -> random.nextLong(3 * SECOND);
                case 4, 5, 6, 7 -> 0;
                default -> random.nextLong(scaleNanos);
            };
        }

        private void sweep() {
            requests.tick(now);
            samples.tick(now);
            bytes.tick(now);
            registry.sweep(now);
        }

        private void askRequest(String at, long asked) {
            long size = random.nextInt(3) == 0 ? 0 : random.nextInt(20_000);
            RateDecision wanted = !requests.fits(1, limits.requestsPerSecond())
                    ? RateDecision.REQUESTS_SPENT
                    : refusal(
                            bytes,
                            size,
                            limits.bytesPerSecond(),
                            RateDecision.BYTES_SPENT,
                            RateDecision.BYTES_NEVER_FIT);
            assertThat(client.tryRequest(asked, size)).as(at).isEqualTo(wanted);
            if (wanted.allowed()) {
                requests.admit(1);
                bytes.admit(size);
            }
            checkStanding(at, wanted, asked, size);
        }

        private void askBytes(String at, long asked) {
            long size = random.nextInt(20_000);
            RateDecision wanted = refusal(
                    bytes, size, limits.bytesPerSecond(), RateDecision.BYTES_SPENT, RateDecision.BYTES_NEVER_FIT);
            assertThat(client.tryBytes(asked, size)).as(at).isEqualTo(wanted);
            if (wanted.allowed()) {
                bytes.admit(size);
            }
            checkStanding(at, wanted, asked, size);
        }

        private void askSamples(String at, long asked) {
            long count = random.nextInt(200);
            RateDecision wanted = refusal(
                    samples,
                    count,
                    limits.samplesPerSecond(),
                    RateDecision.SAMPLES_SPENT,
                    RateDecision.SAMPLES_NEVER_FIT);
            assertThat(client.trySamples(asked, count)).as(at).isEqualTo(wanted);
            if (wanted.allowed()) {
                samples.admit(count);
            }
            checkStanding(at, wanted, asked, count);
        }

        private static RateDecision refusal(
                WindowModel model, long weight, long limit, RateDecision spent, RateDecision never) {
            if (weight == 0 || model.fits(weight, limit)) {
                return RateDecision.ALLOWED;
            }
            return weight > limit ? never : spent;
        }

        private void checkStanding(String at, RateDecision decision, long asked, long weight) {
            RateStanding standing = client.standing(decision, asked, weight);
            switch (decision) {
                case ALLOWED, REQUESTS_SPENT -> compare(at, standing, requests, limits.requestsPerSecond(), 1);
                case BYTES_SPENT, BYTES_NEVER_FIT -> compare(at, standing, bytes, limits.bytesPerSecond(), weight);
                case SAMPLES_SPENT, SAMPLES_NEVER_FIT ->
                    compare(at, standing, samples, limits.samplesPerSecond(), weight);
            }
        }

        private static void compare(String at, RateStanding standing, WindowModel model, long limit, long weight) {
            assertThat(standing.limit()).as(at).isEqualTo(limit);
            if (limit > 0) {
                assertThat(standing.remaining()).as(at).isEqualTo(limit - model.weight());
                assertThat(standing.waitNanos()).as(at).isEqualTo(model.waitNanos(weight, limit));
            }
            assertThat(standing.retryAfterSeconds()).as(at).isEqualTo(1);
            assertThat(standing.resetSeconds()).as(at).isEqualTo(1);
        }

        void checkEverySecond(String at) {
            checkHeaviest(at, requests, limits.requestsPerSecond());
            checkHeaviest(at, samples, limits.samplesPerSecond());
            checkHeaviest(at, bytes, limits.bytesPerSecond());
        }

        private static void checkHeaviest(String at, WindowModel model, long limit) {
            if (limit > 0) {
                assertThat(model.heaviestSecond()).as(at).isLessThanOrEqualTo(limit);
            }
        }
    }

    /** Rules that change under a live window: what was admitted before still counts. */
    @RepeatedTest(20)
    void countsEarlierAdmissionsAgainstChangedLimits() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        ClientRegistry registry = new ClientRegistry(RegistryConfig.DEFAULT, new RateLimits(20, 0, 0), 0);
        Client client = registry.client("fleet", 0);
        WindowModel model = new WindowModel(0);
        long limit = 20;
        long now = 0;
        for (int step = 0; step < 2000; step++) {
            now += random.nextLong(SECOND / 30);
            if (random.nextInt(50) == 0) {
                limit = 1 + random.nextInt(60);
                registry.replaceRules(RateLimits.DEFAULT, Map.of("fleet", new RateLimits(limit, 0, 0)));
            }
            model.tick(now);
            boolean wanted = model.fits(1, limit);
            assertThat(client.tryRequest(now, 0).allowed())
                    .as("seed=%d, step=%d", seed, step)
                    .isEqualTo(wanted);
            if (wanted) {
                model.admit(1);
            }
            assertThat(client.standing(RateDecision.REQUESTS_SPENT, now, 1).waitNanos())
                    .as("seed=%d, step=%d", seed, step)
                    .isEqualTo(model.waitNanos(1, limit));
        }
    }
}

package io.metricstream.limit;

import static io.metricstream.limit.RateDecision.ALLOWED;
import static io.metricstream.limit.RateDecision.BYTES_NEVER_FIT;
import static io.metricstream.limit.RateDecision.BYTES_SPENT;
import static io.metricstream.limit.RateDecision.REQUESTS_SPENT;
import static io.metricstream.limit.RateDecision.SAMPLES_NEVER_FIT;
import static io.metricstream.limit.RateDecision.SAMPLES_SPENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientTest {
    private static final long SECOND = CountWindow.WINDOW_NANOS;

    private static Client client(long requests, long samples, long bytes) {
        RateLimits limits = new RateLimits(requests, samples, bytes);
        return new ClientRegistry(RegistryConfig.DEFAULT, limits, 0).client("fleet", 0);
    }

    @Test
    void countsAnAdmissionForOneSecondLessOneNanosecond() {
        Client client = client(1, 0, 0);
        assertThat(client.tryRequest(5, 0)).isEqualTo(ALLOWED);
        assertThat(client.tryRequest(5, 0)).isEqualTo(REQUESTS_SPENT);
        assertThat(client.tryRequest(5 + SECOND - 1, 0)).isEqualTo(REQUESTS_SPENT);
        assertThat(client.tryRequest(5 + SECOND, 0)).isEqualTo(ALLOWED);
    }

    @Test
    void countsTimeOnwardsOnlyWhereThreadsBringItOutOfOrder() {
        Client client = client(1, 0, 0);
        assertThat(client.tryRequest(SECOND, 0)).isEqualTo(ALLOWED);
        assertThat(client.tryRequest(10, 0)).isEqualTo(REQUESTS_SPENT);
        assertThat(client.tryRequest(2 * SECOND - 1, 0)).isEqualTo(REQUESTS_SPENT);
        assertThat(client.tryRequest(2 * SECOND, 0)).isEqualTo(ALLOWED);
    }

    @Test
    void worksWhereTheMonotonicClockWrapsAround() {
        long start = Long.MAX_VALUE - 10;
        Client client =
                new ClientRegistry(RegistryConfig.DEFAULT, new RateLimits(1, 1, 1), start).client("fleet", start);
        assertThat(client.tryRequest(start, 1)).isEqualTo(ALLOWED);
        assertThat(client.trySamples(start, 1)).isEqualTo(ALLOWED);
        assertThat(client.tryRequest(start + SECOND - 1, 1)).isEqualTo(REQUESTS_SPENT);
        assertThat(client.trySamples(start + SECOND - 1, 1)).isEqualTo(SAMPLES_SPENT);
        assertThat(client.tryRequest(start + SECOND, 1)).isEqualTo(ALLOWED);
        assertThat(client.trySamples(start + SECOND, 1)).isEqualTo(ALLOWED);
    }

    @Test
    void consumesNothingWhereItRefuses() {
        Client client = client(2, 0, 100);
        assertThat(client.tryRequest(0, 60)).isEqualTo(ALLOWED);
        assertThat(client.tryRequest(1, 60)).isEqualTo(BYTES_SPENT);
        // Had the refused one taken its request, this would be the third.
        assertThat(client.tryRequest(2, 40)).isEqualTo(ALLOWED);
        assertThat(client.tryRequest(3, 0)).isEqualTo(REQUESTS_SPENT);
        assertThat(client.tryBytes(SECOND, 60)).isEqualTo(ALLOWED);
    }

    @Test
    void refusesForGoodWhatIsHeavierThanTheLimit() {
        Client client = client(0, 100, 1000);
        assertThat(client.tryRequest(0, 1001)).isEqualTo(BYTES_NEVER_FIT);
        assertThat(client.trySamples(0, 101)).isEqualTo(SAMPLES_NEVER_FIT);
        assertThat(BYTES_NEVER_FIT.retryHelps()).isFalse();
        assertThat(client.tryRequest(0, 1000)).isEqualTo(ALLOWED);
        assertThat(client.trySamples(0, 100)).isEqualTo(ALLOWED);
        assertThat(client.standing(SAMPLES_NEVER_FIT, 0, 101)).isEqualTo(new RateStanding(100, 0, 0, SECOND));
    }

    @Test
    void letsEverythingThroughWhereLimitsAreOff() {
        Client client = client(0, 0, 0);
        for (int i = 0; i < 100_000; i++) {
            assertThat(client.tryRequest(0, Long.MAX_VALUE)).isEqualTo(ALLOWED);
            assertThat(client.trySamples(0, Long.MAX_VALUE)).isEqualTo(ALLOWED);
        }
        assertThat(client.windowCapacity()).isZero();
        assertThat(client.rateCounts()).isEqualTo(new RateCounts(100_000, 0, 0, 0));
        assertThat(client.standing(ALLOWED, 0, 1)).isEqualTo(new RateStanding(0, 0, 0, 0));
    }

    @Test
    void tellsHowLongToWait() {
        Client client = client(3, 10, 0);
        client.tryRequest(0, 0);
        client.tryRequest(100, 0);
        client.tryRequest(200, 0);
        assertThat(client.standing(REQUESTS_SPENT, 300, 1))
                .isEqualTo(new RateStanding(3, 0, SECOND - 300, SECOND - 100));
        client.trySamples(400, 4);
        client.trySamples(500, 4);
        client.trySamples(600, 2);
        assertThat(client.standing(SAMPLES_SPENT, 600, 8)).isEqualTo(new RateStanding(10, 0, SECOND - 100, SECOND));
        assertThat(client.standing(SAMPLES_SPENT, 600, 8).retryAfterSeconds()).isEqualTo(1);
    }

    @Test
    void countsWhatItAllowsAndRefuses() {
        Client client = client(3, 10, 100);
        client.tryRequest(0, 100);
        client.trySamples(0, 11);
        client.tryRequest(0, 1);
        client.tryRequest(0, 0);
        client.tryBytes(0, 5);
        client.tryRequest(0, 0);
        client.tryRequest(0, 0);
        assertThat(client.rateCounts()).isEqualTo(new RateCounts(3, 1, 1, 2));
        assertThat(client.rateCounts().refused()).isEqualTo(4);
    }

    @Test
    void countsWhatIsStoredAndRejectedApartFromItsLimits() {
        Client client = client(1, 1, 1);
        client.onStored(0, 1000);
        client.onStored(5, 20);
        client.onRejected(5, "value", 1000);
        client.onRejected(5, "tags", 1);
        client.onRejected(5, "value", 2);
        assertThat(client.counts(5).samplesStored()).isEqualTo(1020);
        assertThat(client.counts(5).samplesRejected()).isEqualTo(Map.of("value", 1002L, "tags", 1L));
        assertThat(client.tryRequest(5, 1)).isEqualTo(ALLOWED);
        assertThat(client.trySamples(5, 1)).isEqualTo(ALLOWED);
    }

    @Test
    void takesNoMoreMemoryThanItsLoadNeeds() {
        Client client = client(10_000, 0, 0);
        for (int i = 0; i < 100; i++) {
            client.tryRequest(i, 0);
        }
        assertThat(client.windowCapacity()).isEqualTo(128);
        for (int i = 0; i < 20_000; i++) {
            client.tryRequest(i, 0);
        }
        assertThat(client.windowCapacity()).isEqualTo(10_000);
        client.tryRequest(SECOND + 20_000, 0);
        client.trim(SECOND + 20_000);
        assertThat(client.windowCapacity()).isEqualTo(8);
        client.trim(3 * SECOND);
        assertThat(client.windowCapacity()).isZero();
    }

    @Test
    void keepsItsWindowsWhenTheyAreTrimmed() {
        Client client = client(1000, 1000, 0);
        for (int i = 0; i < 1000; i++) {
            client.tryRequest(i, 0);
            client.trySamples(i, 1);
        }
        // 990 have left, the ten of 990 to 999 remain.
        client.trim(SECOND + 989);
        assertThat(client.windowCapacity()).isEqualTo(40);
        assertThat(client.standing(ALLOWED, SECOND + 989, 1).remaining()).isEqualTo(990);
        assertThat(client.standing(SAMPLES_SPENT, SECOND + 989, 1).remaining()).isEqualTo(990);
        assertThat(client.trySamples(SECOND + 989, 991)).isEqualTo(SAMPLES_SPENT);
        assertThat(client.trySamples(SECOND + 990, 991)).isEqualTo(ALLOWED);
    }

    @Test
    void takesNewLimitsOverAtOnce() {
        ClientRegistry registry = new ClientRegistry(RegistryConfig.DEFAULT, new RateLimits(1, 0, 0), 0);
        Client fleet = registry.client("fleet", 0);
        Client other = registry.client("laptop", 0);
        assertThat(fleet.tryRequest(0, 0)).isEqualTo(ALLOWED);
        assertThat(fleet.tryRequest(0, 0)).isEqualTo(REQUESTS_SPENT);
        registry.replaceRules(new RateLimits(1, 0, 0), Map.of("fleet", new RateLimits(2, 0, 0)));
        assertThat(fleet.tryRequest(0, 0)).isEqualTo(ALLOWED);
        assertThat(fleet.tryRequest(0, 0)).isEqualTo(REQUESTS_SPENT);
        assertThat(other.tryRequest(0, 0)).isEqualTo(ALLOWED);
        assertThat(other.tryRequest(0, 0)).isEqualTo(REQUESTS_SPENT);
        registry.replaceRules(new RateLimits(0, 0, 0), Map.of());
        assertThat(fleet.tryRequest(0, 0)).isEqualTo(ALLOWED);
        assertThat(other.tryRequest(0, 0)).isEqualTo(ALLOWED);
    }
}

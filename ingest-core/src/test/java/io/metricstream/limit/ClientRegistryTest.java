package io.metricstream.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientRegistryTest {
    private static final long SECOND = CountWindow.WINDOW_NANOS;
    private static final RateLimits TWO = new RateLimits(2, 0, 0);

    private static ClientRegistry registry(int maxClients) {
        return new ClientRegistry(new RegistryConfig(maxClients, Duration.ofSeconds(60)), TWO, 0);
    }

    private static void use(ClientRegistry registry, String name, long nowNanos) {
        registry.client(name, nowNanos).tryRequest(nowNanos, 0);
    }

    @Test
    void givesEachNameAClientOfItsOwn() {
        ClientRegistry registry = registry(10);
        Client one = registry.client("one", 0);
        assertThat(registry.client("one", 5)).isSameAs(one);
        assertThat(registry.client("two", 5)).isNotSameAs(one);
        assertThat(one.shared()).isFalse();
        use(registry, "one", 5);
        use(registry, "one", 5);
        assertThat(registry.client("one", 5).tryRequest(5, 0).allowed()).isFalse();
        assertThat(registry.client("two", 5).tryRequest(5, 0).allowed()).isTrue();
    }

    @Test
    void forgetsClientsThatAreIdle() {
        ClientRegistry registry = registry(10);
        use(registry, "old", 0);
        use(registry, "new", 30 * SECOND);
        assertThat(registry.sweep(60 * SECOND - 1)).isZero();
        assertThat(registry.sweep(60 * SECOND)).isEqualTo(1);
        assertThat(registry.counts(60 * SECOND)).extracting(ClientCounts::name).containsExactly("new");
        assertThat(registry.totals().allowed()).isEqualTo(2);
    }

    @Test
    void passesCallsOfAForgottenClientOnToTheOneInItsPlace() {
        ClientRegistry registry = registry(10);
        Client kept = registry.client("fleet", 0);
        registry.sweep(60 * SECOND);
        assertThat(registry.size()).isZero();
        assertThat(kept.tryRequest(61 * SECOND, 0).allowed()).isTrue();
        assertThat(registry.client("fleet", 61 * SECOND)
                        .tryRequest(61 * SECOND, 0)
                        .allowed())
                .isTrue();
        assertThat(kept.tryRequest(61 * SECOND, 0)).isEqualTo(RateDecision.REQUESTS_SPENT);
        assertThat(kept.standing(RateDecision.REQUESTS_SPENT, 61 * SECOND, 1).waitNanos())
                .isEqualTo(SECOND);
        assertThat(registry.totals()).isEqualTo(new RateCounts(2, 1, 0, 0));
    }

    @Test
    void countsSamplesOfAForgottenClientForTheOneInItsPlace() {
        ClientRegistry registry = registry(10);
        Client kept = registry.client("fleet", 0);
        kept.onStored(0, 3);
        kept.onRejected(0, "value", 1);
        registry.sweep(60 * SECOND);
        kept.onStored(61 * SECOND, 4);
        kept.onRejected(61 * SECOND, "tags", 2);
        ClientCounts counts = registry.counts("fleet", 61 * SECOND);
        assertThat(counts.samplesStored()).isEqualTo(4);
        assertThat(counts.samplesRejected()).isEqualTo(Map.of("tags", 2L));
    }

    @Test
    void tellsTheCountsOfAnyNameAndMakesNoClientForIt() {
        ClientRegistry registry = registry(10);
        use(registry, "one", 0);
        registry.client("one", 0).onStored(0, 7);
        registry.client("one", 0).onRejected(0, "value", 3);
        assertThat(registry.counts("one", 5))
                .isEqualTo(new ClientCounts("one", TWO, new RateCounts(1, 0, 0, 0), 7, Map.of("value", 3L), 5));
        assertThat(registry.counts("nobody", 5))
                .isEqualTo(new ClientCounts("nobody", TWO, RateCounts.ZERO, 0, Map.of(), 0));
        assertThat(registry.size()).isEqualTo(1);
    }

    @Test
    void sharesOneClientAmongNewcomersWhileAllPlacesAreInUse() {
        ClientRegistry registry = registry(2);
        use(registry, "one", 0);
        use(registry, "two", 0);
        Client three = registry.client("three", 0);
        assertThat(three.shared()).isTrue();
        assertThat(three.name()).isEqualTo("(other)");
        assertThat(registry.client("four", 0)).isSameAs(three);
        use(registry, "three", 0);
        use(registry, "four", 0);
        assertThat(registry.client("five", 0).tryRequest(0, 0)).isEqualTo(RateDecision.REQUESTS_SPENT);
        assertThat(registry.size()).isEqualTo(2);
        assertThat(registry.counts(0))
                .extracting(ClientCounts::name)
                .containsExactlyInAnyOrder("one", "two", "(other)");
    }

    @Test
    void makesRoomEarlyWhereAllPlacesAreTaken() {
        ClientRegistry registry = registry(16);
        for (int i = 0; i < 16; i++) {
            use(registry, "client-" + i, i < 8 ? 0 : 3 * SECOND);
        }
        assertThat(registry.client("late", 3 * SECOND).shared()).isTrue();
        // Down to less than seven eighths: 13 remain, of the 8 that were idle for more than two seconds 3 go.
        assertThat(registry.sweep(3 * SECOND)).isEqualTo(3);
        assertThat(registry.size()).isEqualTo(13);
        assertThat(registry.client("late", 3 * SECOND).shared()).isFalse();
        assertThat(registry.totals().allowed()).isEqualTo(16);
    }

    @Test
    void leavesActiveClientsTheirPlaces() {
        ClientRegistry registry = registry(1);
        use(registry, "one", 0);
        assertThat(registry.sweep(2 * SECOND - 1)).isZero();
        assertThat(registry.sweep(2 * SECOND)).isEqualTo(1);
    }

    @Test
    void alwaysHasAPlaceForClientsThatTheRulesName() {
        ClientRegistry registry = registry(1);
        registry.replaceRules(TWO, Map.of("fleet", new RateLimits(5, 0, 0), "laptop", TWO));
        use(registry, "stranger", 0);
        assertThat(registry.client("fleet", 0).shared()).isFalse();
        assertThat(registry.client("laptop", 0).shared()).isFalse();
        assertThat(registry.client("second stranger", 0).shared()).isTrue();
        for (int i = 0; i < 5; i++) {
            assertThat(registry.client("fleet", 0).tryRequest(0, 0).allowed()).isTrue();
        }
        assertThat(registry.client("fleet", 0).tryRequest(0, 0).allowed()).isFalse();
        registry.sweep(60 * SECOND);
        assertThat(registry.size()).isZero();
        assertThat(registry.client("second stranger", 60 * SECOND).shared()).isFalse();
        assertThat(registry.client("third stranger", 60 * SECOND).shared()).isTrue();
    }

    @Test
    void doesNotLetANameTakeTheSharedClientsPlace() {
        ClientRegistry registry = registry(10);
        assertThat(registry.client("(other)", 0).shared()).isTrue();
        assertThat(registry.size()).isZero();
    }

    @Test
    void doesNotOpenASecondWindowForAThreadThatReadTheClockLongAgo() {
        ClientRegistry registry = new ClientRegistry(new RegistryConfig(10, Duration.ofSeconds(2)), TWO, 0);
        use(registry, "fleet", SECOND);
        use(registry, "fleet", SECOND);
        registry.sweep(3 * SECOND);
        Client again = registry.client("fleet", SECOND);
        assertThat(again.tryRequest(SECOND, 0).allowed()).isTrue();
        // It was let through at the time of the sweep, when the first two had left, not in the same second with them.
        assertThat(again.standing(RateDecision.ALLOWED, SECOND, 1).resetNanos()).isEqualTo(SECOND);
        assertThat(again.tryRequest(4 * SECOND - 1, 0).allowed()).isTrue();
        assertThat(again.tryRequest(4 * SECOND - 1, 0).allowed()).isFalse();
    }

    @Test
    void refusesSettingsOutOfRange() {
        for (long bad : List.of(-1L, RateLimits.MAX_REQUESTS_PER_SECOND + 1)) {
            assertThatThrownBy(() -> new RateLimits(bad, 0, 0))
                    .hasMessageContaining("rate-limit.requests: found " + bad);
        }
        assertThatThrownBy(() -> new RateLimits(0, -1, 0)).hasMessageContaining("rate-limit.samples");
        assertThatThrownBy(() -> new RateLimits(0, 0, Long.MAX_VALUE)).hasMessageContaining("rate-limit.bytes");
        assertThatThrownBy(() -> new RateOverride(-2, 0, 0)).hasMessageContaining("rate-limit.requests: found -2");
        assertThatThrownBy(() -> new RegistryConfig(0, Duration.ofSeconds(9))).hasMessageContaining("max-clients");
        assertThatThrownBy(() -> new RegistryConfig(1, Duration.ofSeconds(1))).hasMessageContaining("idle-after");
    }

    @Test
    void overridesOnlyWhatIsSaid() {
        RateLimits defaults = new RateLimits(1, 2, 3);
        assertThat(RateOverride.NONE.over(defaults)).isEqualTo(defaults);
        assertThat(new RateOverride(0, RateOverride.INHERIT, 9).over(defaults)).isEqualTo(new RateLimits(0, 2, 9));
    }
}

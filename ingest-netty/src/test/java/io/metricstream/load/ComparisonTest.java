package io.metricstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
    private static final ServerCounts BEFORE = counts(1000, 100);

    private static ServerCounts counts(long all, long own) {
        return new ServerCounts(1, all, 0, Map.of("a", own / 2, "b", own - own / 2));
    }

    private static Comparison compare(long acknowledged, long unknown, ServerCounts after) {
        return Comparison.of(acknowledged, unknown, false, BEFORE, after);
    }

    @Test
    void equalCountsMatch() {
        assertThat(compare(5000, 0, counts(6000, 5100)))
                .isEqualTo(new Comparison(true, "acknowledged 5,000 samples, the server counts 5,000: match"));
    }

    @Test
    void nothingAcknowledgedIsNothingToCompare() {
        assertThat(compare(0, 0, BEFORE))
                .isEqualTo(new Comparison(
                        false, "acknowledged 0 samples: nothing was stored for sure, so nothing could be compared"));
        assertThat(compare(0, 10, counts(1010, 110)).good()).isFalse();
        assertThat(compare(0, 0, counts(1001, 101)).text()).contains("MISMATCH");
    }

    @Test
    void missingSamplesAreAMismatch() {
        assertThat(compare(5000, 0, counts(5999, 5099)))
                .isEqualTo(
                        new Comparison(
                                false,
                                "acknowledged 5,000 samples, the server counts 4,999: MISMATCH, 1 acknowledged samples are missing"));
        // Whatever other clients send does not cover for them while the server tells the clients apart.
        assertThat(compare(5000, 500, counts(5500, 4600)).good()).isFalse();
    }

    @Test
    void requestsWithoutAnAnswerMayBeStoredOrNot() {
        assertThat(compare(5000, 200, counts(6000, 5100)).good()).isTrue();
        assertThat(compare(5000, 200, counts(6200, 5300)).text())
                .contains("(and 200 in requests without an answer, stored or not)")
                .endsWith("the server counts 5,200: match");
        assertThat(compare(5000, 200, counts(6201, 5301)))
                .satisfies(c -> assertThat(c.good()).isFalse())
                .satisfies(c -> assertThat(c.text()).contains("MISMATCH, 1 samples too many"));
    }

    @Test
    void otherWritersAreToldApart() {
        assertThat(compare(5000, 0, counts(16_000, 5100)))
                .isEqualTo(new Comparison(
                        true,
                        "acknowledged 5,000 samples, the server counts 5,000: match"
                                + " (and 10,000 that other clients sent meanwhile)"));
    }

    @Test
    void moreForOwnNamesIsAMismatchAndForSharedKeysNot() {
        assertThat(compare(5000, 0, counts(6001, 5101)).text()).contains("MISMATCH, 1 samples too many");
        Comparison shared = Comparison.of(5000, 0, true, BEFORE, counts(6001, 5101));
        assertThat(shared.good()).isTrue();
        assertThat(shared.text())
                .contains(
                        "the server counts 5,001: none is missing; others must have sent the 1 more with the same keys");
        assertThat(Comparison.of(5000, 0, true, BEFORE, counts(5999, 5099)).good())
                .isFalse();
    }

    @Test
    void theCountOfAllDecidesWhereClientsAreNotToldApart() {
        ServerCounts forgotten = new ServerCounts(1, 6000, 0, Map.of("a", 3L));
        assertThat(compare(5000, 0, forgotten).text()).endsWith("the server counts 5,000: match");
        ServerCounts withOthers = new ServerCounts(1, 7000, 0, Map.of());
        assertThat(compare(5000, 0, withOthers).good()).isTrue();
        assertThat(compare(5000, 0, withOthers).text())
                .contains("the server counts 6,000: none is missing; others must have sent the 1,000 more")
                .contains("rate-limit.max-clients");
        assertThat(compare(5000, 0, new ServerCounts(1, 5999, 0, Map.of())).good())
                .isFalse();
    }

    @Test
    void aRestartedServerCannotBeCompared() {
        Comparison restarted = compare(5000, 0, new ServerCounts(2, 90_000, 0, Map.of("a", 5000L)));
        assertThat(restarted.good()).isFalse();
        assertThat(restarted.text()).contains("restarted").doesNotContain("MISMATCH");
    }
}

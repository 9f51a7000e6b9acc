package io.metricstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void takesTheNumberOfStoredSamplesFromTheAnswer() {
        tally.onAnswer(200, "{\"success\":true,\"metrics_processed\":1000}", 1000, 5, 5);
        tally.onAnswer(
                400,
                "{\"error\":\"3 of 1000 metrics were rejected\",\"code\":\"invalid_samples\",\"accepted\":997,"
                        + "\"rejected\":3,\"errors\":[{\"index\":1,\"reason\":\"\\\"accepted\\\":5\"}]}",
                1000,
                5,
                5);
        tally.onAnswer(400, "{\"error\":\"no JSON\",\"code\":\"malformed\",\"line\":1,\"column\":2}", 1000, 5, 5);
        tally.onAnswer(429, "{\"error\":\"slow\",\"code\":\"rate_limited\"}", 1000, 5, 5);
        tally.onAnswer(200, "nonsense", 1000, 5, 5);
        assertThat(tally.acknowledged()).isEqualTo(1997);
        assertThat(tally.refused()).isEqualTo(3003);
        assertThat(tally.answered()).isEqualTo(5);
        assertThat(tally.status(200)).isEqualTo(2);
        assertThat(tally.status(400)).isEqualTo(2);
        assertThat(tally.examples()).containsOnlyKeys("answer 400", "answer 429");
    }

    @Test
    void keepsTheFirstExampleOfEachKindAndCutsIt() {
        tally.onConnectFailure("x".repeat(1000));
        tally.onConnectFailure("second");
        tally.onLost(10, "reset", 1_000);
        assertThat(tally.examples().get(Tally.NO_CONNECTION)).hasSize(303).endsWith("x...");
        assertThat(tally.examples()).containsEntry("connection lost", "reset");
    }

    @Test
    void countsWaitsInVainAsLatenciesButRefusalsNot() {
        tally.onAnswer(200, "", 1, 1_000_000, 2_000_000);
        tally.onAnswer(503, "", 1, 1_000, 1_000);
        tally.onTimeout(7, 9_000_000_000L);
        tally.onLost(2, "reset", 7_000_000_000L);
        tally.onNotSent(8_000_000_000L);
        assertThat(tally.measured().getTotalCount()).isEqualTo(1);
        assertThat(tally.corrected().getTotalCount()).isEqualTo(4);
        assertThat(tally.corrected().getMaxValue()).isGreaterThan(8_900_000_000L);
        assertThat(tally.unknown()).isEqualTo(9);
        assertThat(tally.sent()).isEqualTo(4);
    }

    @Test
    void addsUp() {
        Tally sum = new Tally();
        for (int i = 1; i <= 2; i++) {
            Tally part = new Tally();
            part.onTime(i * 100L);
            part.onAnswer(200, "{\"success\":true,\"metrics_processed\":10}", 10, 5_000, 5_000);
            part.onTimeout(10, 6_000);
            part.onLost(10, "reset", 8_000);
            part.onNotSent(7_000);
            part.onGivenUp(10);
            part.onConnectFailure("refused");
            sum.add(part);
        }
        sum.add(new Tally());
        assertThat(sum.acknowledged()).isEqualTo(20);
        assertThat(sum.unknown()).isEqualTo(40);
        assertThat(sum.refused()).isEqualTo(20);
        assertThat(sum.sent()).isEqualTo(6);
        assertThat(sum.unanswered()).isEqualTo(4);
        assertThat(sum.notSent()).isEqualTo(2);
        assertThat(sum.givenUp()).isEqualTo(2);
        assertThat(sum.connectFailures()).isEqualTo(2);
        assertThat(sum.lastNanos()).isEqualTo(200);
        assertThat(sum.measured().getTotalCount()).isEqualTo(2);
        assertThat(sum.corrected().getTotalCount()).isEqualTo(8);
    }

    @Test
    void anHourIsTheLongestLatency() {
        tally.onNotSent(Long.MAX_VALUE);
        tally.onNotSent(-5);
        assertThat(tally.corrected().getTotalCount()).isEqualTo(2);
        assertThat(tally.corrected().getMaxValue()).isBetween(3_590_000_000_000L, 3_610_000_000_000L);
    }
}

package io.metricstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StaircaseTest {
    private static final String STORED = "{\"success\":true,\"metrics_processed\":10}";

    /** A step of one second in which so many requests were answered 200, and so many 429. */
    private static StageResult step(long target, int stored, int limited) {
        Tally tally = new Tally();
        for (int i = 0; i < stored; i++) {
            tally.onAnswer(200, STORED, 10, 2_000_000, 3_000_000);
        }
        for (int i = 0; i < limited; i++) {
            tally.onAnswer(429, "", 10, 1_000, 1_000);
        }
        return new StageResult(new Stage(target, Duration.ofSeconds(1)), 1_000_000_000L, tally);
    }

    @Test
    void goesOnWhileTargetsAreReached() {
        Staircase stairs = new Staircase();
        assertThat(stairs.onStep(step(100, 100, 0))).isNull();
        assertThat(stairs.onStep(step(500, 450, 0))).isNull();
        assertThat(stairs.onStep(step(1000, 990, 10))).isNull();
    }

    @Test
    void stopsAtTheSecondMiss() {
        Staircase stairs = new Staircase();
        assertThat(stairs.onStep(step(100, 89, 0))).isNull();
        assertThat(stairs.onStep(step(200, 200, 0))).isNull();
        assertThat(stairs.onStep(step(500, 449, 51)))
                .contains("500 requests/s")
                .contains("89% of them answered 200")
                .contains("second step below 90%");
    }

    @Test
    void flatOutHasNoTargetToMiss() {
        Staircase stairs = new Staircase();
        for (int i = 0; i < 5; i++) {
            assertThat(stairs.onStep(step(0, 1, 0))).isNull();
        }
    }

    @Test
    void rowsStandBelowTheirHeader() {
        StageResult result = step(100, 40, 60);
        assertThat(result.row().strip().split(" +"))
                .containsExactly("100", "40.0", "400", "40", "60", "0", "0", "3.00", "3.00", "3.00", "3.00");
        assertThat(result.row()).hasSameSizeAs(StageResult.rowHeader());
        assertThat(step(100, 0, 60).row().strip().split(" +")).endsWith("-", "-", "-", "-");
        assertThat(step(0, 200, 0).row().strip()).startsWith("flat out").contains(" 200 ", " 2000 ");
    }

    @Test
    void errorsAreWhatGotNoProperAnswerOrWasNotSent() {
        Tally tally = new Tally();
        tally.onAnswer(200, STORED, 10, 1, 1);
        tally.onAnswer(400, "", 10, 1, 1);
        tally.onAnswer(401, "", 10, 1, 1);
        tally.onAnswer(503, "", 10, 1, 1);
        tally.onTimeout(10, 1);
        tally.onLost(10, "reset", 1_000);
        tally.onNotSent(1);
        assertThat(new StageResult(new Stage(9, Duration.ofSeconds(1)), 1_000_000_000L, tally).errors())
                .isEqualTo(5);
    }
}

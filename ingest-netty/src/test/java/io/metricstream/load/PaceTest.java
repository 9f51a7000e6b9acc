package io.metricstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static Pace pace(long requestsPerSecond, int part, int parts) {
        return new Pace(1000, new Stage(requestsPerSecond, Duration.ofSeconds(2)), part, parts);
    }

    @Test
    void spacesRequestsEvenly() {
        assertThat(pace(4, 0, 1).dueNanos(0)).isEqualTo(1000);
        assertThat(pace(4, 0, 1).dueNanos(1)).isEqualTo(250_001_000);
        assertThat(pace(4, 0, 1).dueNanos(8))
                .isEqualTo(2_000_001_000)
                .isEqualTo(pace(4, 0, 1).endNanos());
        assertThat(pace(3, 0, 1).dueNanos(3)).isEqualTo(1_000_001_000);
    }

    @Test
    void loopsTogetherKeepTheRate() {
        List<Long> together = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            for (int i = 0; i < 4; i++) {
                together.add(pace(700, part, 3).dueNanos(i));
            }
        }
        List<Long> alone = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            alone.add(pace(700, 0, 1).dueNanos(i));
        }
        assertThat(together).containsExactlyInAnyOrderElementsOf(alone);
    }

    @Test
    void daysAtAHighRateDoNotOverflow() {
        long requests = 10_000_000L * 86_400 * 7;
        assertThat(pace(10_000_000, 0, 1).dueNanos(requests))
                .isEqualTo(1000 + Duration.ofDays(7).toNanos());
    }
}

package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.config.ValueKind;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class TimeKindTest {
    private static final long NOW = 1_758_116_723_123L;
    private static final ValueKind<Long> TIME = TimeKind.before(NOW);

    private static void reads(String text, long millis) {
        assertThat(TIME.parse().apply(text)).as(text).contains(millis);
    }

    private static void reads(String text, String instant) {
        reads(text, Instant.parse(instant).toEpochMilli());
    }

    private static void refuses(String... texts) {
        for (String text : texts) {
            assertThat(TIME.parse().apply(text)).as(text).isEmpty();
        }
    }

    @Test
    void readsIsoTimes() {
        reads("2025-09-17T13:45:23.123Z", NOW);
        reads("2025-09-17T13:45:23.1239Z", NOW);
        reads("2025-09-17t13:45z", "2025-09-17T13:45:00Z");
        reads("2025-09-17T13:45:23", "2025-09-17T13:45:23Z");
        reads("2025-09-17T13:45:23+02:00", "2025-09-17T11:45:23Z");
        reads("2025-09-17", "2025-09-17T00:00:00Z");
        reads("1969-12-31", -86_400_000);
        reads("+010000-01-01T00:00:00.000Z", 253_402_300_800_000L);
        reads("-000001-12-31T23:59:59.999Z", -62_167_219_200_001L);
        reads("+292278994-08-17T07:12:55.807Z", Long.MAX_VALUE);
    }

    @Test
    void readsMillisecondsAndTimesBeforeNow() {
        reads("0", 0);
        reads("-1", -1);
        reads("1758116723123", NOW);
        reads("-9223372036854775808", Long.MIN_VALUE);
        reads("-1h", NOW - 3_600_000);
        reads("-1d12h", NOW - 36 * 3_600_000);
        reads("-250ms", NOW - 250);
    }

    @Test
    void refusesWhatIsNoTime() {
        refuses("", "-", "yesterday", "1h", "+1h", "-1x", "2025-13-01", "2025-09-17T25:00Z", "2025-09", "12:00");
        refuses("9223372036854775808", "+999999999-01-01T00:00:00Z", "2025-09-17 13:45", "2025-09-17T");
    }
}

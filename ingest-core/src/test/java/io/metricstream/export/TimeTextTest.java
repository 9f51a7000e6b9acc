package io.metricstream.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TimeTextTest {
    private final TimeText times = new TimeText();
    private final byte[] bytes = new byte[TimeText.MAX_BYTES + 1];

    private String text(long millis) {
        int end = times.put(millis, bytes, 1);
        return new String(bytes, 1, end - 1, StandardCharsets.US_ASCII);
    }

    private void writes(String text, long millis) {
        assertThat(text(millis)).isEqualTo(text);
        assertThat(Instant.parse(text).toEpochMilli()).isEqualTo(millis);
    }

    @Test
    void writesMillisecondsAlways() {
        writes("2025-09-17T13:45:23.123Z", 1_758_116_723_123L);
        writes("2025-09-17T13:45:23.000Z", 1_758_116_723_000L);
        writes("1970-01-01T00:00:00.000Z", 0);
        writes("2024-02-29T23:59:59.999Z", 1_709_251_199_999L);
    }

    @Test
    void writesTimesBefore1970AndOutsideOfFourDigits() {
        writes("1969-12-31T23:59:59.999Z", -1);
        writes("1969-12-31T00:00:00.000Z", -86_400_000);
        writes("0000-01-01T00:00:00.000Z", -62_167_219_200_000L);
        writes("-000001-12-31T23:59:59.999Z", -62_167_219_200_001L);
        writes("9999-12-31T23:59:59.999Z", 253_402_300_799_999L);
        writes("+010000-01-01T00:00:00.000Z", 253_402_300_800_000L);
        writes("+275760-09-13T00:00:00.000Z", 8_640_000_000_000_000L);
        writes("+292278994-08-17T07:12:55.807Z", Long.MAX_VALUE);
        writes("-292275055-05-16T16:47:04.192Z", Long.MIN_VALUE);
    }

    @Test
    void writesWhatReadsBackForAnyTime() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("TimeTextTest: seed=" + seed);
        var random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            long millis = random.nextLong() >> random.nextInt(40);
            assertThat(Instant.parse(text(millis)).toEpochMilli()).isEqualTo(millis);
        }
    }
}

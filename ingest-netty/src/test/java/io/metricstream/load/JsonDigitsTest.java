package io.metricstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JsonDigitsTest {
    private static String written(long scaled, int decimals) {
        byte[] to = new byte[JsonDigits.MOST_BYTES + 1];
        int end = JsonDigits.putDecimal(to, 1, scaled, decimals);
        return new String(to, 1, end - 1, StandardCharsets.US_ASCII);
    }

    @Test
    void writesWhatBigDecimalWrites() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed: " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long number = random.nextLong() >>> (1 + random.nextInt(63));
            for (int decimals = 0; decimals <= 3; decimals++) {
                assertThat(written(number, decimals))
                        .isEqualTo(BigDecimal.valueOf(number, decimals).toPlainString());
            }
        }
    }

    @Test
    void writesTheEnds() {
        assertThat(written(0, 0)).isEqualTo("0");
        assertThat(written(0, 2)).isEqualTo("0.00");
        assertThat(written(7, 3)).isEqualTo("0.007");
        assertThat(written(Long.MAX_VALUE, 0)).isEqualTo("9223372036854775807");
        assertThat(written(Long.MAX_VALUE, 3)).isEqualTo("9223372036854775.807");
    }
}

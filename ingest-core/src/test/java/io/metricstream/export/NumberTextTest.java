package io.metricstream.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

final class NumberTextTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final NumberText numbers = new NumberText();
    private final byte[] bytes = new byte[NumberText.MAX_BYTES + 2];

    private String text(double value) {
        int end = numbers.put(value, bytes, 1);
        assertThat(end).isLessThanOrEqualTo(NumberText.MAX_BYTES + 1);
        return new String(bytes, 1, end - 1, StandardCharsets.US_ASCII);
    }

    private void writes(String text, double value) {
        assertThat(text(value)).isEqualTo(text);
        checkRoundTrip(value);
        if (value != 0) {
            assertThat(text(-value)).isEqualTo("-" + text);
            checkRoundTrip(-value);
        }
    }

    private void checkRoundTrip(double value) {
        String text = text(value);
        assertThat(Double.doubleToRawLongBits(Double.parseDouble(text)))
                .as("%s of %s", text, value)
                .isEqualTo(Double.doubleToRawLongBits(value));
        assertThat(JSON.readTree(text).isNumber()).as(text).isTrue();
        assertThat(JSON.readTree(text).doubleValue()).as(text).isEqualTo(value);
    }

    /** The shortest decimal by trying: every number of digits, each rounded down and up. */
    private static int fewestDigits(double value) {
        var exact = new BigDecimal(value);
        for (int digits = 1; digits < 17; digits++) {
            for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
                BigDecimal rounded = exact.round(new MathContext(digits, mode));
                if (rounded.doubleValue() == value) {
                    return rounded.stripTrailingZeros().precision();
                }
            }
        }
        return 17;
    }

    private void checkShortest(double value) {
        checkRoundTrip(value);
        String text = text(value);
        assertThat(new BigDecimal(text).stripTrailingZeros().precision())
                .as("digits of %s", text)
                .isEqualTo(fewestDigits(value));
    }

    @Test
    void writesMeasurementsAsPeopleDo() {
        writes("75.5", 75.5);
        writes("0", 0);
        writes("-0.0", -0.0);
        writes("1", 1);
        writes("100", 100);
        writes("0.1", 0.1);
        writes("0.3", 0.3);
        writes("0.30000000000000004", 0.1 + 0.2);
        writes("0.005", 0.005);
        writes("0.05", 0.05);
        writes("12.345", 12.345);
        writes("999999999999.999", 999_999_999_999.999);
        writes("100000000000.001", 100_000_000_000.001);
        writes("100000000000", 1e11);
        writes("123456789.125", 123456789.125);
        writes("9007199254740991", 9007199254740991.0);
        writes("9007199254740992", 9007199254740992.0);
        writes("9007199254740994", 9007199254740994.0);
        writes("1763900000000", 1_763_900_000_000.0);
    }

    @Test
    void writesFarNumbersWithAPowerOfTen() {
        writes("100000000000000000000", 1e20);
        writes("1e+21", 1e21);
        writes("1.5e+300", 1.5e300);
        writes("0.000001", 1e-6);
        writes("0.0000015", 1.5e-6);
        writes("1e-7", 1e-7);
        writes("1.5e-7", 1.5e-7);
        writes("2e+23", Double.parseDouble("2e23"));
        writes("1.7976931348623157e+308", Double.MAX_VALUE);
        writes("2.2250738585072014e-308", Double.MIN_NORMAL);
        writes("5e-324", Double.MIN_VALUE);
        writes("1e-323", 2 * Double.MIN_VALUE);
        writes("1.5e-323", 3 * Double.MIN_VALUE);
    }

    /** The samples of RFC 8785, appendix B: the bits of a double and what JavaScript writes. */
    @Test
    void writesTheSamplesOfRfc8785() {
        String[] samples = {
            "7fefffffffffffff 1.7976931348623157e+308",
            "4340000000000000 9007199254740992",
            "4430000000000000 295147905179352830000",
            "44b52d02c7e14af5 9.999999999999997e+22",
            "44b52d02c7e14af6 1e+23",
            "44b52d02c7e14af7 1.0000000000000001e+23",
            "444b1ae4d6e2ef4e 999999999999999700000",
            "444b1ae4d6e2ef4f 999999999999999900000",
            "444b1ae4d6e2ef50 1e+21",
            "3eb0c6f7a0b5ed8c 9.999999999999997e-7",
            "3eb0c6f7a0b5ed8d 0.000001",
            "41b3de4355555553 333333333.3333332",
            "41b3de4355555554 333333333.33333325",
            "41b3de4355555555 333333333.3333333",
            "41b3de4355555556 333333333.3333334",
            "41b3de4355555557 333333333.33333343",
        };
        for (String sample : samples) {
            String[] parts = sample.split(" ", 2);
            double value = Double.longBitsToDouble(Long.parseUnsignedLong(parts[0], 16));
            writes(parts[1], value);
        }
    }

    @Test
    void writesTheShortestTextForAnyDouble() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("NumberTextTest: seed=" + seed);
        var random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            double bits = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(bits)) {
                checkShortest(bits);
            }
            checkShortest(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
            checkShortest(random.nextInt(10_000_000) / Math.pow(10, random.nextInt(8)));
            checkShortest(Math.scalb(1.0, random.nextInt(2098) - 1074));
            checkShortest(random.nextInt(2000) * Double.MIN_VALUE);
            checkShortest(Math.nextUp(random.nextInt(1 << 20) / 1000.0));
            checkShortest((double) random.nextLong());
        }
    }
}

package io.metricstream.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumberReaderTest {
    private final NumberReader numbers = new NumberReader();

    @Test
    void readsWhatTheGrammarAllows() {
        for (String text : List.of(
                "0",
                "-0",
                "0.0",
                "-0.0",
                "1",
                "-1",
                "10",
                "0.5",
                "1e5",
                "1E5",
                "1e+5",
                "1e-5",
                "1.5e300",
                "9007199254740993",
                "9007199254740992",
                "9007199254740991",
                "123456789012345678",
                "1234567890123456789",
                "123456789012345678901234567890",
                "0.1234567890123456789",
                "5e-324",
                "2.2250738585072014e-308",
                "1e-999",
                "0e999",
                "1e23",
                "8.5e22",
                "1e22",
                "1e-22",
                "9.5367431640625e-7",
                "1.7976931348623157e308")) {
            reads(text);
        }
    }

    @Test
    void refusesWhatItDoesNot() {
        for (String text : List.of(
                "",
                "-",
                "+1",
                ".5",
                "1.",
                "-.5",
                "01",
                "-01",
                "00",
                "1e",
                "1e+",
                "1.e5",
                "e5",
                "1e999",
                "-1e309",
                "NaN",
                "Infinity",
                " 1",
                "\u0661")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(numbers.readDouble(bytes, 0, bytes.length)).as(text).isEqualTo(NumberReader.NONE);
        }
    }

    @Test
    void stopsBehindTheToken() {
        for (String tail : List.of(",", "}", " ", "x", "-", "+", "]")) {
            byte[] bytes = ("12.25e1" + tail).getBytes(StandardCharsets.UTF_8);
            assertThat(numbers.readDouble(bytes, 0, bytes.length)).isEqualTo(7);
            assertThat(numbers.value()).isEqualTo(122.5);
        }
    }

    @Test
    void readsIntegersOfUpToEighteenDigits() {
        for (String text :
                List.of("0", "7", "1763900000000", "999999999999999999", "-999999999999999999", "-0", "12345678")) {
            byte[] bytes = ("\"" + text + ",").getBytes(StandardCharsets.UTF_8);
            assertThat(numbers.readInteger(bytes, 1, bytes.length)).isEqualTo(bytes.length - 1);
            assertThat(numbers.integer()).isEqualTo(Long.parseLong(text));
        }
        for (String text : List.of("", "-", "01", "00", "1234567890123456789", "x", "+1", "000000001")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThat(numbers.readInteger(bytes, 0, bytes.length)).as(text).isEqualTo(NumberReader.NONE);
        }
    }

    @Test
    void agreesWithTheClassLibraryOnRandomNumbers() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("NumberReaderTest seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 400_000; i++) {
            reads(randomNumber(random));
        }
    }

    @Test
    void agreesWithTheClassLibraryNextToHalfwayPoints() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("NumberReaderTest seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            double near = Math.scalb(1 + random.nextDouble(), random.nextInt(120) - 60);
            java.math.BigDecimal half = new java.math.BigDecimal(near)
                    .add(new java.math.BigDecimal(Math.nextUp(near)))
                    .divide(java.math.BigDecimal.valueOf(2));
            reads(half.round(new java.math.MathContext(17 + random.nextInt(2)))
                    .toString()
                    .replace("E+", "e"));
            long integer = (1L << 53) + random.nextInt(1 << 20);
            reads("" + integer);
            reads("" + (integer << random.nextInt(6)) + "e" + (random.nextInt(24) - 4));
        }
    }

    private static String randomNumber(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Double.toString(random.nextGaussian() * 100);
            case 1 -> Math.round(random.nextDouble() * 1000) / 10.0 + "";
            case 2 -> Long.toString(random.nextLong() >> random.nextInt(64));
            case 3 -> random.nextLong() + "e" + (random.nextInt(160) - 80);
            case 4 -> finite(random);
            default ->
                (random.nextLong() >>> (4 + random.nextInt(50))) + "."
                        + (random.nextLong() >>> (1 + random.nextInt(60)));
        };
    }

    private static String finite(Random random) {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? Double.toString(value) : "0";
    }

    private void reads(String text) {
        byte[] bytes = ("[" + text + "]").getBytes(StandardCharsets.UTF_8);
        assertThat(numbers.readDouble(bytes, 1, bytes.length)).as(text).isEqualTo(bytes.length - 1);
        assertThat(Double.doubleToRawLongBits(numbers.value()))
                .as(text)
                .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }
}

package io.metricstream.promql.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Expected texts are what Go 1.22 prints. */
final class GoNumberTest {
    @Test
    void writesValuesAsTheApiDoes() {
        assertThat(GoNumber.value(0)).isEqualTo("0");
        assertThat(GoNumber.value(-0.0)).isEqualTo("-0");
        assertThat(GoNumber.value(1.2345678e6)).isEqualTo("1234567.8");
        assertThat(GoNumber.value(1.2345678e-6)).isEqualTo("0.0000012345678");
        assertThat(GoNumber.value(9.99e-7)).isEqualTo("9.99e-07");
        assertThat(GoNumber.value(1.2345678e-67)).isEqualTo("1.2345678e-67");
        assertThat(GoNumber.value(1e20)).isEqualTo("100000000000000000000");
        assertThat(GoNumber.value(1e21)).isEqualTo("1e+21");
        assertThat(GoNumber.value(2e-44)).isEqualTo("2e-44");
        assertThat(GoNumber.value(Double.MAX_VALUE)).isEqualTo("1.7976931348623157e+308");
        assertThat(GoNumber.value(Double.MIN_VALUE)).isEqualTo("5e-324");
        assertThat(GoNumber.value(Double.NaN)).isEqualTo("NaN");
        assertThat(GoNumber.value(Double.NEGATIVE_INFINITY)).isEqualTo("-Inf");
    }

    @Test
    void writesMostValuesQuicklyAndTheSame() {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            double any = Math.pow(10, random.nextDouble() * 11 - 3);
            double decimals = Math.rint(any * 1000) / 1000;
            for (double v : new double[] {any, -any, decimals, Math.nextUp(decimals), Math.rint(any)}) {
                assertThat(GoNumber.value(v)).as("seed=%s", seed).isEqualTo(GoNumber.plain(v));
            }
        }
    }

    @Test
    void writesTheOtherForms() {
        assertThat(GoNumber.general(123456)).isEqualTo("123456");
        assertThat(GoNumber.general(1234567)).isEqualTo("1.234567e+06");
        assertThat(GoNumber.general(0.00001)).isEqualTo("1e-05");
        assertThat(GoNumber.general(-1.5)).isEqualTo("-1.5");
        assertThat(GoNumber.general(123.456, 2)).isEqualTo("1.2e+02");
        assertThat(GoNumber.general(0.5, 2)).isEqualTo("0.5");
        assertThat(GoNumber.plain(1e300)).hasSize(301);
        assertThat(GoNumber.plain(-0.25)).isEqualTo("-0.25");
    }

    @Test
    void readsWhatIsANumber() {
        assertThat(GoNumber.parse("+Inf")).hasValue(Double.POSITIVE_INFINITY);
        assertThat(GoNumber.parse("-infinity")).hasValue(Double.NEGATIVE_INFINITY);
        assertThat(GoNumber.parse("1e3")).hasValue(1000);
        assertThat(GoNumber.parse("-.5")).hasValue(-0.5);
        assertThat(GoNumber.parse("0x1p-2")).hasValue(0.25);
        for (String no : new String[] {"", "abc", "1d", "1f", " 1", "1 ", "--1", "+-1", "e3", "Infinit"}) {
            assertThat(GoNumber.parse(no)).as(no).isEmpty();
        }
    }

    @Test
    void writesDurations() {
        assertThat(DurationText.format(5_400_000)).isEqualTo("1h30m");
        assertThat(DurationText.format(604_800_000)).isEqualTo("1w");
        assertThat(DurationText.format(90 * 86_400_000L)).isEqualTo("90d");
        assertThat(DurationText.format(1250)).isEqualTo("1s250ms");
        assertThat(DurationText.parseMillis("1d2h3m4s5ms")).isEqualTo(93_784_005);
    }

    @Test
    void quotesAndUnquotes() {
        assertThat(GoText.quote("a\"b\n\u0001\u00e4\u200b")).isEqualTo("\"a\\\"b\\n\\x01\u00e4\\u200b\"");
        assertThat(GoText.unquote("'\\'\\x61\\377\\u00e4\\U0001F600'")).isEqualTo("'a\udcff\u00e4\ud83d\ude00");
        assertThat(GoText.quote(GoText.unquote("\"a\\xc5z\""))).isEqualTo("\"a\\xc5z\"");
        assertThat(GoText.isUtf8("a\udcc5z")).isFalse();
        assertThat(GoText.isUtf8("\ud83d\ude00")).isTrue();
    }
}

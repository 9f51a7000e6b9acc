package io.metricstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SeriesKeyTest {
    @Test
    void readsBackWhatWasWritten() {
        byte[] key = SeriesKey.of(MetricType.COUNTER, "bytes_in", Map.of("host", "a", "größe", "42 ÷ 7"));
        assertThat(SeriesKey.parse(key, 0, key.length))
                .isEqualTo(new Series(MetricType.COUNTER, "bytes_in", Map.of("host", "a", "größe", "42 ÷ 7")));
    }

    @Test
    void isTheSameForTagsInAnyOrder() {
        var tags = new LinkedHashMap<String, String>();
        for (String key : new String[] {"z", "a", "m", "ab", "b", "é", "A"}) {
            tags.put(key, key + "!");
        }
        byte[] first = SeriesKey.of(MetricType.GAUGE, "x", tags);
        var keys = new java.util.ArrayList<>(tags.keySet());
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        var random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            java.util.Collections.shuffle(keys, random);
            var shuffled = new LinkedHashMap<String, String>();
            keys.forEach(k -> shuffled.put(k, k + "!"));
            assertThat(SeriesKey.of(MetricType.GAUGE, "x", shuffled)).isEqualTo(first);
        }
    }

    @Test
    void leavesTagsWithoutAValueOut() {
        assertThat(SeriesKey.of(MetricType.GAUGE, "x", Map.of("pod", "")))
                .isEqualTo(SeriesKey.of(MetricType.GAUGE, "x", Map.of()));
    }

    @Test
    void tellsTypesAndBoundariesApart() {
        assertThat(SeriesKey.of(MetricType.GAUGE, "x", Map.of()))
                .isNotEqualTo(SeriesKey.of(MetricType.COUNTER, "x", Map.of()));
        assertThat(SeriesKey.of(MetricType.GAUGE, "x", Map.of("a", "bc")))
                .isNotEqualTo(SeriesKey.of(MetricType.GAUGE, "x", Map.of("ab", "c")));
    }

    @Test
    void refusesTheSameTagKeyTwice() {
        var writer = new SeriesKeyWriter();
        writer.start(MetricType.GAUGE, new byte[] {'x'}, 0, 1);
        byte[] text = "abc".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        writer.addTag(text, 0, 1, text, 1, 1);
        writer.addTag(text, 1, 1, text, 1, 1);
        writer.addTag(text, 0, 1, text, 2, 1);
        assertThat(writer.finish()).isFalse();
        writer.start(MetricType.GAUGE, text, 0, 3);
        assertThat(writer.finish()).isTrue();
    }

    @Test
    void growsWithManyLongTags() {
        var tags = new LinkedHashMap<String, String>();
        for (int i = 0; i < 64; i++) {
            tags.put("k".repeat(200) + i, "v".repeat(4096));
        }
        byte[] key = SeriesKey.of(MetricType.SUMMARY, "n".repeat(1000), tags);
        assertThat(SeriesKey.parse(key, 0, key.length).tags()).isEqualTo(tags);
    }

    @Test
    void failsOnEveryCutOfAKey() {
        byte[] key = SeriesKey.of(MetricType.GAUGE, "cpu", Map.of("host", "a", "rack", "r1"));
        for (int length = 0; length < key.length; length++) {
            byte[] cut = Arrays.copyOf(key, length);
            assertThatThrownBy(() -> SeriesKey.parse(cut, 0, cut.length)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void hashesBytesAndNothingAroundThem() {
        byte[] key = SeriesKey.of(MetricType.GAUGE, "cpu_usage_user", Map.of("host", "host_17"));
        byte[] padded = new byte[key.length + 20];
        Arrays.fill(padded, (byte) 7);
        System.arraycopy(key, 0, padded, 9, key.length);
        long hash = SeriesKey.hash(key, 0, key.length);
        assertThat(SeriesKey.hash(padded, 9, key.length)).isEqualTo(hash);
        for (int i = 0; i < key.length; i++) {
            padded[9 + i] ^= 1;
            assertThat(SeriesKey.hash(padded, 9, key.length)).isNotEqualTo(hash);
            padded[9 + i] ^= 1;
        }
    }
}

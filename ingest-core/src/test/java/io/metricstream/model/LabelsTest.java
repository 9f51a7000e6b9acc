package io.metricstream.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class LabelsTest {
    private static final List<String> TEXTS =
            List.of("a", "b", "ab", "Zone", "_", "__name_", "__name__x", "0", "\uD83D\uDE00", "\uFFFD", "~");

    @Test
    void keysCompareAsTheirLabelsDo() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("LabelsTest: seed=" + seed);
        var random = new Random(seed);
        var keys = new ArrayList<byte[]>();
        for (int i = 0; i < 300; i++) {
            Map<String, String> tags = new TreeMap<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                tags.put(TEXTS.get(random.nextInt(TEXTS.size())), TEXTS.get(random.nextInt(TEXTS.size())));
            }
            keys.add(SeriesKey.of(
                    random.nextBoolean() ? MetricType.GAUGE : MetricType.COUNTER,
                    random.nextInt(9) == 0 ? "" : TEXTS.get(random.nextInt(TEXTS.size())),
                    tags));
        }
        for (byte[] a : keys) {
            for (byte[] b : keys) {
                int wanted = SeriesKey.labels(a, a.length).compareTo(SeriesKey.labels(b, b.length));
                assertThat(Integer.signum(SeriesKey.compareByLabels(a, a.length, b, b.length)))
                        .as("%s and %s", SeriesKey.labels(a, a.length), SeriesKey.labels(b, b.length))
                        .isEqualTo(Integer.signum(wanted));
            }
        }
    }

    @Test
    void ordersByTheBytesOfUtf8() {
        assertThat(Labels.compareText("\uFFFD", "\uD83D\uDE00")).isNegative();
        assertThat(Labels.compareText("a", "ab")).isNegative();
        assertThat(Labels.of("b", "1", "a", "2", "c", "").toString()).isEqualTo("{a=\"2\", b=\"1\"}");
    }

    @Test
    void putsTheNameInItsPlaceAmongTheTags() {
        byte[] key = SeriesKey.of(MetricType.GAUGE, "up", Map.of("Zone", "1", "job", "x"));
        assertThat(SeriesKey.labels(key, key.length)).hasToString("{Zone=\"1\", __name__=\"up\", job=\"x\"}");
        assertThat(SeriesKey.labels(key, key.length).get(Labels.NAME)).isEqualTo("up");
        assertThat(SeriesKey.labels(key, key.length).get("none")).isEmpty();
    }
}

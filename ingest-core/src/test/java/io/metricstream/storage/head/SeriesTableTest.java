package io.metricstream.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Selection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class SeriesTableTest {
    private static byte[] key(int i) {
        return SeriesKey.of(MetricType.GAUGE, "cpu_usage", Map.of("host", "host_" + i));
    }

    private static int find(SeriesTable table, byte[] key) {
        return table.find(key, 0, key.length, SeriesKey.hash(key, 0, key.length));
    }

    private static int add(SeriesTable table, byte[] key) {
        return table.add(key, 0, key.length, SeriesKey.hash(key, 0, key.length));
    }

    @Test
    void findsEverySeriesItGrewBy() {
        var table = new SeriesTable(SeriesLimits.of(Integer.MAX_VALUE, Long.MAX_VALUE));
        int count = 60_000;
        for (int i = 0; i < count; i++) {
            assertThat(find(table, key(i))).isEqualTo(SeriesTable.UNKNOWN);
            assertThat(add(table, key(i))).isEqualTo(i);
        }
        for (int i = 0; i < count; i++) {
            assertThat(find(table, key(i))).isEqualTo(i);
            assertThat(table.key(i)).isEqualTo(key(i));
        }
        assertThat(find(table, key(count))).isEqualTo(SeriesTable.UNKNOWN);
        assertThat(table.key(count)).isNull();
        assertThat(table.size()).isEqualTo(count);
    }

    @Test
    void keepsSeriesApartWhoseHashesAreEqual() {
        var table = new SeriesTable(SeriesLimits.of(10, Long.MAX_VALUE));
        byte[] a = key(1);
        byte[] b = key(2);
        assertThat(table.add(a, 0, a.length, 42)).isZero();
        assertThat(table.find(b, 0, b.length, 42)).isEqualTo(SeriesTable.UNKNOWN);
        assertThat(table.add(b, 0, b.length, 42)).isEqualTo(1);
        assertThat(table.find(a, 0, a.length, 42)).isZero();
        assertThat(table.find(b, 0, b.length, 42)).isEqualTo(1);
    }

    @Test
    void refusesNewSeriesAtItsLimitsAndKeepsTheKnownOnes() {
        var byCount = new SeriesTable(SeriesLimits.of(2, Long.MAX_VALUE));
        add(byCount, key(0));
        add(byCount, key(1));
        assertThat(add(byCount, key(2))).isEqualTo(SeriesTable.FULL);
        assertThat(find(byCount, key(1))).isEqualTo(1);

        var byBytes = new SeriesTable(SeriesLimits.of(100, key(0).length + 48 + 1L));
        add(byBytes, key(0));
        assertThat(add(byBytes, key(1))).isEqualTo(SeriesTable.FULL);
        assertThat(byBytes.keyBytes()).isEqualTo(key(0).length);
    }

    @Test
    void holdsKeysLongerThanAChunk() {
        var table = new SeriesTable(SeriesLimits.of(10, Long.MAX_VALUE));
        byte[] big = SeriesKey.of(MetricType.GAUGE, "x", Map.of("k", "v".repeat(3_000_000)));
        add(table, key(0));
        assertThat(add(table, big)).isEqualTo(1);
        add(table, key(2));
        assertThat(find(table, big)).isEqualTo(1);
        assertThat(find(table, key(2))).isEqualTo(2);
    }

    @Test
    void letsReadersFindWhileItGrows() throws Exception {
        var table = new SeriesTable(SeriesLimits.of(Integer.MAX_VALUE, Long.MAX_VALUE));
        var done = new AtomicBoolean();
        var failure = new AtomicReference<Throwable>();
        var reader = new Thread(() -> {
            try {
                while (!done.get()) {
                    int size = table.size();
                    for (int i = Math.max(0, size - 200); i < size; i++) {
                        int ref = find(table, key(i));
                        assertThat(ref == i || ref == SeriesTable.UNKNOWN).isTrue();
                        assertThat(table.key(i)).isEqualTo(key(i));
                    }
                }
                assertThat(find(table, key(table.size() - 1))).isEqualTo(table.size() - 1);
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        reader.start();
        for (int i = 0; i < 50_000; i++) {
            add(table, key(i));
        }
        done.set(true);
        reader.join();
        assertThat(failure.get()).isNull();
    }

    @Test
    void refusesFurtherSeriesOfAMetricThatHasEnough() {
        var table = new SeriesTable(new SeriesLimits(100, 1 << 20, 2, 0));
        assertThat(add(table, key(0))).isZero();
        assertThat(add(table, key(1))).isEqualTo(1);
        assertThat(add(table, key(2))).isEqualTo(SeriesTable.METRIC_FULL);
        byte[] other = SeriesKey.of(MetricType.GAUGE, "cpu", Map.of("host", "host_2"));
        assertThat(table.metricHasRoomFor(other, 0, 2)).isTrue();
        assertThat(table.metricHasRoomFor(other, 0, 3)).isFalse();
        assertThat(add(table, other)).isEqualTo(2);
        assertThat(find(table, key(2))).isEqualTo(SeriesTable.UNKNOWN);
    }

    @Test
    void countsTheIndexAmongWhatSeriesTake() {
        var table = new SeriesTable(SeriesLimits.of(100_000, 100_000));
        var index = new HeadIndex(table);
        int without = 0;
        while (add(table, key(without)) >= 0) {
            without++;
        }
        var indexed = new SeriesTable(SeriesLimits.of(100_000, 100_000));
        var asked = new HeadIndex(indexed);
        int with = 0;
        while (add(indexed, key(with)) >= 0) {
            with++;
            assertThat(asked.select(Selection.ALL, ref -> true)).hasSize(with);
        }
        assertThat(with).isLessThan(without);
        assertThat(index.select(Selection.ALL, ref -> true)).hasSize(without);
    }
}

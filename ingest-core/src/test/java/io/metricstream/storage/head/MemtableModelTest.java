package io.metricstream.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** A memtable against a sorted map for each series. */
final class MemtableModelTest {
    private static final int SERIES = 50;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final SeriesTable series = new SeriesTable(SeriesLimits.of(1000, Long.MAX_VALUE));
    private final HeadIndex index = new HeadIndex(series);
    private final Memtable memtable = new Memtable(index, new PagePool(1 << 20), 0);
    private final Map<Integer, NavigableMap<Long, Long>> model = new HashMap<>();

    /** In the order of their refs, which is not that of their labels. */
    private final List<byte[]> keys = new ArrayList<>();

    @BeforeEach
    void printSeed() {
        System.out.println("MemtableModelTest: -Dseed=" + seed);
    }

    private void addSeries(int count) {
        for (int i = 0; i < count; i++) {
            byte[] key = SeriesKey.of(
                    MetricType.GAUGE, "m" + random.nextInt(3), Map.of("host", "h" + (count - i), "dc", "d" + i % 3));
            keys.add(key);
            series.add(key, 0, key.length, SeriesKey.hash(key, 0, key.length));
        }
    }

    private void append(int ref, long timestampMillis, long bits) {
        memtable.append(
                new int[] {ref},
                new long[] {timestampMillis},
                new double[] {Double.longBitsToDouble(bits)},
                1,
                r -> {});
        model.computeIfAbsent(ref, r -> new TreeMap<>()).put(timestampMillis, bits);
    }

    private void check(Selection selection, List<Integer> refs) throws StorageFailure {
        var expected = new ArrayList<String>();
        refs.stream()
                .sorted((a, b) ->
                        SeriesKey.compareByLabels(keys.get(a), keys.get(a).length, keys.get(b), keys.get(b).length))
                .forEach(ref -> {
                    var samples = model.getOrDefault(ref, new TreeMap<>())
                            .subMap(selection.fromMillis(), true, selection.toMillis(), true);
                    if (!samples.isEmpty()) {
                        expected.add(text(keys.get(ref), samples));
                    }
                });
        assertThat(read(memtable, selection)).isEqualTo(expected);
    }

    private static String text(byte[] key, Map<Long, Long> samples) {
        return SeriesKey.parse(key, 0, key.length) + " " + samples;
    }

    static List<String> read(Memtable from, Selection selection) throws StorageFailure {
        var found = new ArrayList<String>();
        try (SeriesCursor cursor = from.select(selection)) {
            while (cursor.next()) {
                var samples = new TreeMap<Long, Long>();
                SampleRuns runs = cursor.samples();
                long before = Long.MIN_VALUE;
                while (runs.next()) {
                    assertThat(runs.count()).isPositive();
                    assertThat(runs.firstMillis()).isEqualTo(runs.timestampsMillis()[0]);
                    assertThat(runs.lastMillis()).isEqualTo(runs.timestampsMillis()[runs.count() - 1]);
                    for (int i = 0; i < runs.count(); i++) {
                        long t = runs.timestampsMillis()[i];
                        assertThat(t > before || samples.isEmpty()).isTrue();
                        before = t;
                        samples.put(t, Double.doubleToRawLongBits(runs.values()[i]));
                    }
                }
                found.add(text(Arrays.copyOf(cursor.key(), cursor.keyLength()), samples));
            }
        }
        return found;
    }

    private List<Integer> allRefs() {
        var refs = new ArrayList<Integer>();
        for (int ref = 0; ref < keys.size(); ref++) {
            refs.add(ref);
        }
        return refs;
    }

    private long anyBits() {
        return switch (random.nextInt(6)) {
            case 0 -> 0x7ff0000000000002L; // a stale marker
            case 1 -> 0x7ff8000000000000L | random.nextInt(1000);
            case 2 -> Double.doubleToRawLongBits(-0.0);
            case 3 -> Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY);
            default -> Double.doubleToRawLongBits(random.nextInt(100) / 10.0);
        };
    }

    @RepeatedTest(5)
    void holdsWhatAMapForEachSeriesHolds() throws StorageFailure {
        addSeries(SERIES);
        boolean ordered = random.nextBoolean();
        int span = 1 + random.nextInt(500);
        for (int i = 0; i < 20_000; i++) {
            int ref = (int) (SERIES * random.nextDouble() * random.nextDouble());
            append(ref, ordered ? i : random.nextInt(span) - span / 2, anyBits());
        }
        check(Selection.ALL, allRefs());
        for (int i = 0; i < 10; i++) {
            long from = random.nextInt(span) - span / 2;
            check(new Selection(List.of(), from, from + random.nextInt(span)), allRefs());
        }
    }

    /** One sample more each time passes through every boundary between slices. */
    @Test
    void readsEveryLengthOfAChain() throws StorageFailure {
        addSeries(2);
        for (int i = 0; i < 300; i++) {
            append(0, i * 10L, i);
            append(1, -i, i);
            check(Selection.ALL, allRefs());
        }
    }

    @Test
    void keepsTimesAtTheEndsOfTheirRange() throws StorageFailure {
        addSeries(1);
        append(0, Long.MAX_VALUE, 1);
        append(0, Long.MIN_VALUE, 2);
        append(0, 0, 3);
        check(Selection.ALL, allRefs());
        check(new Selection(List.of(), Long.MIN_VALUE, Long.MIN_VALUE), allRefs());
        check(new Selection(List.of(), Long.MAX_VALUE, Long.MAX_VALUE), allRefs());
        assertThat(memtable.minMillis()).isEqualTo(Long.MIN_VALUE);
        assertThat(memtable.maxMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void selectsByMatchers() throws StorageFailure {
        addSeries(SERIES);
        for (int ref = 0; ref < SERIES; ref++) {
            append(ref, 1000, ref);
        }
        var selection = new Selection(List.of(Matcher.equal("dc", "d1")), 0, 2000);
        check(selection, allRefs().stream().filter(ref -> ref % 3 == 1).toList());
        assertThat(memtable.labelValues("dc", Selection.ALL, 10)).containsExactly("d0", "d1", "d2");
        assertThat(memtable.labelValues("dc", Selection.ALL, 2)).containsExactly("d0", "d1");
        assertThat(memtable.labelValues("dc", selection, 10)).containsExactly("d1");
        assertThat(memtable.labelNames(selection, 10)).containsExactly("__name__", "dc", "host");
        assertThat(memtable.types(Selection.ALL, 10).values())
                .allMatch(set -> set.equals(java.util.Set.of(MetricType.GAUGE)));
        assertThat(memtable.labelNames(new Selection(List.of(), 2000, 3000), 10))
                .isEmpty();
    }

    @Test
    void copiesFewOfManySamples() throws StorageFailure {
        addSeries(1);
        for (int i = 0; i < 100_000; i++) {
            append(0, i, i);
        }
        try (SeriesCursor cursor = memtable.select(new Selection(List.of(), 50_000, 50_009))) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.samples().next()).isTrue();
            assertThat(cursor.samples().count()).isEqualTo(10);
            assertThat(cursor.samples().timestampsMillis().length)
                    .as("the memory for them")
                    .isLessThan(1000);
        }
    }
}

package io.metricstream.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.select.Selection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The index against a look at every series. */
final class HeadIndexTest {
    private static final String[] NAMES = {"cpu", "mem", "cpu_total", "ü", "up"};
    private static final String[] LABELS = {"host", "dc", "a", "Z", "zone"};
    private static final String[] VALUES = {"a", "b", "a-1", "web-10", "web-2", "é", "", "x\ny"};

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final SeriesTable series = new SeriesTable(SeriesLimits.of(Integer.MAX_VALUE, Long.MAX_VALUE));
    private final HeadIndex index = new HeadIndex(series);
    private final List<byte[]> keys = new ArrayList<>();
    private IntPredicate wanted = ref -> true;

    private <T> T any(T[] of) {
        return of[random.nextInt(of.length)];
    }

    private void add(byte[] key) {
        long hash = SeriesKey.hash(key, 0, key.length);
        if (series.find(key, 0, key.length, hash) == SeriesTable.UNKNOWN) {
            assertThat(series.add(key, 0, key.length, hash)).isEqualTo(keys.size());
            keys.add(key);
        }
    }

    private void addSome(int count) {
        for (int i = 0; i < count; i++) {
            Map<String, String> tags = new TreeMap<>();
            for (int tag = random.nextInt(4); tag > 0; tag--) {
                tags.put(any(LABELS), random.nextInt(3) == 0 ? "unique-" + random.nextInt() : any(VALUES));
            }
            add(SeriesKey.of(any(MetricType.values()), any(NAMES), tags));
        }
    }

    private Labels labels(int ref) {
        return SeriesKey.labels(keys.get(ref), keys.get(ref).length);
    }

    private List<Integer> expected(List<Matcher> matchers) {
        return IntStream.range(0, keys.size())
                .filter(wanted)
                .filter(ref ->
                        matchers.stream().allMatch(m -> m.matches(labels(ref).get(m.label()))))
                .boxed()
                .sorted((a, b) -> {
                    int c = labels(a).compareTo(labels(b));
                    return c != 0 ? c : Integer.compare(a, b);
                })
                .toList();
    }

    private Matcher anyMatcher() {
        MatchOp op = any(MatchOp.values());
        String label = random.nextInt(3) == 0 ? Labels.NAME : random.nextInt(8) == 0 ? "none" : any(LABELS);
        boolean regex = op == MatchOp.REGEX || op == MatchOp.NOT_REGEX;
        return new Matcher(
                label,
                op,
                regex
                        ? any(new String[] {"a.*", "web-\\d+", ".*", ".+", "a|b|", "c.*", "unique.*"})
                        : label.equals(Labels.NAME) ? any(NAMES) : any(VALUES));
    }

    private void check() {
        List<Matcher> matchers = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            matchers.add(anyMatcher());
        }
        List<Integer> expected = expected(matchers);
        assertThat(IntStream.of(index.select(Selection.ofAnyTime(matchers), wanted))
                        .boxed()
                        .toList())
                .as("seed=" + seed + ", matchers=" + matchers)
                .isEqualTo(expected);
        var names = new TreeSet<String>(Labels::compareText);
        var values = new TreeSet<String>(Labels::compareText);
        var types = new TreeMap<String, Set<MetricType>>(Labels::compareText);
        String label = any(LABELS);
        for (int ref : expected) {
            Labels of = labels(ref);
            IntStream.range(0, of.size()).forEach(i -> names.add(of.name(i)));
            values.add(of.get(label));
            types.computeIfAbsent(of.get(Labels.NAME), name -> EnumSet.noneOf(MetricType.class))
                    .add(SeriesKey.type(keys.get(ref)));
        }
        values.remove("");
        int limit = 1 + random.nextInt(20);
        assertThat(index.labelNames(Selection.ofAnyTime(matchers), wanted, limit))
                .isEqualTo(names.stream().limit(limit).toList());
        assertThat(index.labelValues(label, Selection.ofAnyTime(matchers), wanted, limit))
                .as("seed=" + seed + ", label=" + label + ", matchers=" + matchers)
                .isEqualTo(values.stream().limit(limit).toList());
        assertThat(index.types(Selection.ofAnyTime(matchers), wanted, limit))
                .isEqualTo(types.entrySet().stream()
                        .limit(limit)
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @RepeatedTest(5)
    void findsWhatALookAtEverySeriesFinds() {
        System.out.println("HeadIndexTest: -Dseed=" + seed);
        for (int round = 0; round < 10; round++) {
            addSome(random.nextInt(400));
            int bit = random.nextInt(3);
            wanted = ref -> bit == 0 || (ref >>> bit & 1) == 0;
            for (int i = 0; i < 10; i++) {
                check();
            }
        }
    }

    /** Few new series are compared and inserted, after many all are sorted by their values; both ways give one order. */
    @Test
    void keepsTheOrderWhileSeriesCome() {
        var host = List.of(new Matcher("host", MatchOp.NOT_EQUAL, ""));
        for (int step : new int[] {10_000, 10, 4000, 200, 5000}) {
            addSome(step);
            for (List<Matcher> matchers : List.of(host, List.<Matcher>of())) {
                assertThat(IntStream.of(index.select(Selection.ofAnyTime(matchers), wanted))
                                .boxed()
                                .toList())
                        .as("seed=" + seed + ", step=" + step)
                        .isEqualTo(expected(matchers));
            }
        }
    }

    @Test
    void takesLittleForValuesThatOneSeriesHas() {
        int count = 50_000;
        for (int i = 0; i < count; i++) {
            add(SeriesKey.of(MetricType.GAUGE, "requests", Map.of("pod", "pod-0123456789-" + i)));
        }
        assertThat(index.select(Selection.ofAnyTime(List.of(Matcher.equal("pod", "pod-0123456789-7"))), wanted))
                .hasSize(1);
        assertThat(index.bytes() / count).isLessThan(130);
    }

    @Test
    void catchesUpInWhicheverThreadAsks() throws Exception {
        for (int i = 0; i < 3; i++) {
            addSome(100);
            var found = new FutureTask<>(() -> index.select(Selection.ALL, wanted).length);
            var thread = new Thread(found);
            thread.start();
            thread.join();
            assertThat(found.get()).isEqualTo(keys.size());
        }
    }

    @Test
    void tellsSeriesOfOneNameAndTwoTypes() {
        add(SeriesKey.of(MetricType.GAUGE, "x", Map.of("a", "1")));
        add(SeriesKey.of(MetricType.COUNTER, "x", Map.of("a", "1")));
        assertThat(index.select(Selection.ofAnyTime(List.of(Matcher.equal("a", "1"))), wanted))
                .containsExactly(0, 1);
        assertThat(index.types(Selection.ALL, wanted, 1))
                .isEqualTo(Map.of("x", EnumSet.of(MetricType.GAUGE, MetricType.COUNTER)));
    }
}

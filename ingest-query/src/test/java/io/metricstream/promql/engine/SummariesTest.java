package io.metricstream.promql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.model.SpecialValues;
import io.metricstream.promql.script.ScriptStore;
import io.metricstream.select.Cancellation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers from summaries of blocks are those from all samples, to the bit, wherever samples lie. {@code -Dseed} repeats a run.
 */
final class SummariesTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int STORES = 12;
    private static final int QUERIES = 150;
    private static final int KINDS = 9;
    private static final int SAMPLES = 6000;
    private static final long INTERVAL_MILLIS = 1000;
    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final double[] NO_NUMBERS = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, SpecialValues.STALE
    };

    private static final List<String> QUERIES_OF_ALL = List.of(
            "count_over_time(m[%s])",
            "present_over_time(m[%s])",
            "absent_over_time(m[%s])",
            "min_over_time(m[%s])",
            "max_over_time(m[%s])",
            "sum_over_time(m[%s])",
            "avg_over_time(m[%s])",
            "last_over_time(m[%s])",
            "sum_over_time(m[%1$s]) / count_over_time(m[%1$s])",
            "max_over_time(m[%1$s]) - min_over_time(m[%1$s])",
            "count_over_time(m[%1$s]) + last_over_time(m[%1$s])",
            "max_over_time(sum_over_time(m[%1$s])[%1$s:7m])",
            "sum_over_time(m[%s] @ end() offset 10m)");

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private final QueryEngine engine = new QueryEngine(
            new QueryLimits(1L << 40, 1L << 30, Duration.ofMinutes(10), Duration.ofMinutes(5)), System::nanoTime);

    private double value(int kind) {
        return switch (kind) {
            case 0 -> random.nextInt(1000);
            case 1 -> random.nextInt(1000) / 10.0 - 50;
            case 2 -> random.nextGaussian();
            case 3 -> random.nextBoolean() ? 0.0 : random.nextBoolean() ? -0.0 : random.nextInt(3) - 1;
            case 4 -> 42;
            case 5 -> (1L << 41) + random.nextInt(1 << 20);
            case 6 -> random.nextInt(400) == 0 ? NO_NUMBERS[random.nextInt(4)] : random.nextInt(100);
            case 7 -> 0;
            // Whole numbers, and in other blocks of the same series others.
            default -> random.nextInt(2000) == 0 ? 0.1 : random.nextInt(10) - 5;
        };
    }

    /** Writes stretches over one another, of which some stay in memory. */
    private void fill(ScriptStore store) throws Exception {
        for (int stretch = 3 + random.nextInt(8); stretch > 0; stretch--) {
            int from = random.nextInt(SAMPLES);
            int count = 1 + random.nextInt(random.nextBoolean() ? 100 : SAMPLES - from);
            for (int kind = 0; kind < KINDS; kind++) {
                if (random.nextInt(4) > 0) {
                    var times = new long[count];
                    var values = new double[count];
                    for (int i = 0; i < count; i++) {
                        times[i] = START_MILLIS + ((long) from + i) * INTERVAL_MILLIS;
                        values[i] = value(kind);
                    }
                    store.append(Labels.of(Labels.NAME, "m", "kind", "" + kind), times, values);
                }
            }
            if (random.nextInt(3) > 0) {
                store.flush();
            }
            if (random.nextInt(6) == 0) {
                long deleted = START_MILLIS + random.nextInt(SAMPLES) * INTERVAL_MILLIS;
                store.delete(deleted, deleted + random.nextInt(100) * INTERVAL_MILLIS);
            }
        }
    }

    private QueryRequest request() {
        String width = (1 + random.nextInt(random.nextBoolean() ? 600 : 7000)) + "s";
        String text = String.format(QUERIES_OF_ALL.get(random.nextInt(QUERIES_OF_ALL.size())), width);
        long at = START_MILLIS + random.nextInt(SAMPLES + 600) * INTERVAL_MILLIS + random.nextInt(2) * 500L;
        if (random.nextBoolean()) {
            return QueryRequest.instant(text, at);
        }
        long step = 1 + random.nextInt(random.nextBoolean() ? 60_000 : 5_000_000);
        return QueryRequest.range(text, at, at + random.nextInt(200) * step, step);
    }

    @Test
    void answersAreThoseOfAllSamples() throws Exception {
        System.out.println("SummariesTest: -Dseed=" + SEED);
        var tally = new WatchedSeries.Tally();
        for (int i = 0; i < STORES; i++) {
            try (var store = new ScriptStore(Files.createDirectory(folder.resolve("" + i)))) {
                fill(store);
                for (int query = 0; query < QUERIES; query++) {
                    QueryRequest request = request();
                    QueryResult all = engine.run(
                            request,
                            selection -> WatchedSeries.decoded(store.queryable().select(selection)),
                            new Cancellation());
                    QueryResult summarized = engine.run(
                            request,
                            selection -> WatchedSeries.watched(store.queryable().select(selection), tally),
                            new Cancellation());
                    check(request, all, summarized);
                }
            }
        }
        assertThat(tally.passedOver()).isGreaterThan(200);
    }

    private static void check(QueryRequest request, QueryResult all, QueryResult summarized) {
        assertThat(summarized.series().size()).isEqualTo(all.series().size());
        assertThat(summarized.stats().samplesRead()).isEqualTo(all.stats().samplesRead());
        for (int i = 0; i < all.series().size(); i++) {
            ResultSeries wanted = all.series().get(i);
            ResultSeries found = summarized.series().get(i);
            assertThat(found.labels()).isEqualTo(wanted.labels());
            assertThat(bits(found))
                    .as("-Dseed=%d, %s, %s", SEED, request, wanted.labels())
                    .isEqualTo(bits(wanted));
        }
    }

    private static long[] bits(ResultSeries series) {
        var bits = new long[2 * series.size()];
        Arrays.setAll(bits, i -> i % 2 == 0 ? series.timeMillis(i / 2) : Double.doubleToLongBits(series.value(i / 2)));
        return bits;
    }

    /** What a whole day comes to is read in its summaries. */
    @Test
    void decodesNothingThatIsSummarized() throws Exception {
        try (var store = new ScriptStore(folder)) {
            for (int kind : new int[] {0, 1, 2}) {
                var times = new long[SAMPLES];
                var values = new double[SAMPLES];
                for (int i = 0; i < SAMPLES; i++) {
                    times[i] = START_MILLIS + i * INTERVAL_MILLIS;
                    values[i] = value(kind);
                }
                store.append(Labels.of(Labels.NAME, "m", "kind", "" + kind), times, values);
            }
            store.flush();
        }
        // All of it lies in parts now.
        try (var store = new ScriptStore(folder)) {
            for (String query : List.of(
                    "count_over_time(m[1d])",
                    "min_over_time(m[1d])",
                    "max_over_time(m[1d])",
                    "sum_over_time(m{kind='0'}[1d])",
                    "avg_over_time(m{kind='0'}[1d])")) {
                var tally = new WatchedSeries.Tally();
                QueryResult result = engine.run(
                        QueryRequest.instant(query, START_MILLIS + SAMPLES * INTERVAL_MILLIS),
                        selection -> WatchedSeries.watched(store.queryable().select(selection), tally),
                        new Cancellation());
                assertThat(result.series()).isNotEmpty();
                assertThat(tally.decoded()).as(query).isZero();
                assertThat(tally.passedOver()).isGreaterThanOrEqualTo(3);
            }
        }
    }
}

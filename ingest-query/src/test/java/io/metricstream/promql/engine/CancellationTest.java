package io.metricstream.promql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.Labels;
import io.metricstream.promql.script.ScriptStore;
import io.metricstream.select.Cancellation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That a query nobody waits for ends soon, whatever it is doing. The engine reads its clock whenever it looks whether to go on, so
 * that looks can be counted: no operator may do more than so many values' work without one.
 */
final class CancellationTest {
    private static final int SERIES = 50;
    private static final int STEPS = 10_000;
    private static final int VALUES = SERIES * STEPS;
    private static final int INSTANT_SERIES = 10_000;

    private final long seed = Long.getLong("seed", System.nanoTime());

    @TempDir
    private Path folder;

    private final AtomicLong looks = new AtomicLong();
    private final QueryEngine engine = new QueryEngine(
            new QueryLimits(Long.MAX_VALUE, 1 << 30, Duration.ofDays(1), Duration.ofMinutes(5)),
            looks::incrementAndGet);
    private ScriptStore store;

    @BeforeEach
    void fill() throws Exception {
        store = new ScriptStore(folder);
        var times = new long[200];
        var values = new double[200];
        for (int i = 0; i < times.length; i++) {
            times[i] = i * 1000L;
            values[i] = i % 7;
        }
        for (int i = 0; i < SERIES; i++) {
            String number = String.valueOf(i);
            store.append(Labels.of(Labels.NAME, "m", "i", number, "instance", "a"), times, values);
            store.append(Labels.of(Labels.NAME, "n", "i", number, "instance", "a"), times, values);
            store.append(Labels.of(Labels.NAME, "h_bucket", "le", number), times, values);
        }
        store.append(Labels.of(Labels.NAME, "target_info", "instance", "a", "more", "b"), times, values);
        for (int i = 0; i < INSTANT_SERIES; i++) {
            // Their order by label is not that of their numbers.
            store.append(Labels.of(Labels.NAME, "many", "i", String.valueOf(i)), new long[1], new double[] {-i});
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private QueryResult run(QueryRequest request, Cancellation cancellation) throws QueryException {
        return engine.run(request, store.queryable(), cancellation);
    }

    private static QueryRequest range(String query) {
        return QueryRequest.range(query, 0, (STEPS - 1) * 19L, 19);
    }

    private long looks(QueryRequest request) throws QueryException {
        looks.set(0);
        assertThat(run(request, new Cancellation()).series())
                .as(request.query())
                .isNotEmpty();
        return looks.get();
    }

    /** All values pass through so many operators at least; between two looks are no more than some and those of one series. */
    private void looks(String query, int operators) throws QueryException {
        assertThat(looks(range(query)))
                .as(query)
                .isGreaterThanOrEqualTo((long) operators * VALUES / (Budget.VALUES_A_LOOK + STEPS));
    }

    @Test
    void looksWhileEveryOperatorWorks() throws Exception {
        looks("m", 1);
        looks("rate(m[1m])", 1);
        looks("quantile_over_time(0.5, m[10s])", 1);
        looks("max_over_time(m[10s:19ms])", 3);
        looks("count(m)", 2);
        looks("sum by (i) (abs(m))", 3);
        looks("count(-m)", 3);
        looks("count(clamp(m, 1, 2))", 3);
        looks("count(m > bool 1)", 3);
        looks("count(label_replace(m, 'a', '$1', 'i', '(.*)'))", 3);
        looks("m @ 100 + on(i) n", 5);
        looks("count(info(m))", 3);
        looks("topk(3, m)", 2);
        looks("limit_ratio(0.5, m)", 2);
        looks("quantile(0.5, m)", 3);
        looks("stddev(m)", 3);
        looks("count_values('v', m)", 2);
        looks("histogram_quantile(0.9, h_bucket)", 2);
        looks("m and n", 4);
        looks("m unless on(i) x", 2);
        looks("m or n", 4);
        looks("m * on(i) n", 5);
        looks("count(m) + count(m) + avg(m)", 6);
        looks("vector(time()) ^ 2 + sum_over_time(vector(time() ^ 0.5)[1s:1ms])", 0);
    }

    @Test
    void looksWhileItSorts() throws Exception {
        long compared = INSTANT_SERIES * 4L;
        long unsorted = looks(QueryRequest.instant("many", 0));
        for (String query : new String[] {"sort(many)", "sort_desc(many)", "sort_by_label_desc(many, 'i')"}) {
            assertThat(looks(QueryRequest.instant(query, 0)) - unsorted)
                    .as(query)
                    .isGreaterThan(compared * Budget.SERIES_WORK / Budget.VALUES_A_LOOK);
        }
    }

    /** Series that cannot be told apart, but are never asked to be, are not compared with one another. */
    @Test
    void joinsManySeriesWithNone() throws Exception {
        long alone = looks(QueryRequest.instant("many", 0));
        assertThat(looks(QueryRequest.instant("(x * on() many) or vector(1)", 0)))
                .isLessThan(3 * alone);
    }

    /** From wherever it is, to the next look and no further. */
    @Test
    void endsAtTheNextLook() throws Exception {
        System.out.println("CancellationTest: -Dseed=" + seed);
        var random = new Random(seed);
        for (String query : new String[] {
            "count(m * on(i) n)", "stddev_over_time(m[10s])", "topk(3, label_replace(m, 'a', 'b', '', ''))"
        }) {
            long all = looks(range(query));
            for (int i = 0; i < 20; i++) {
                // The first ones tell when it began, the last ones how long it took.
                long last = 4 + random.nextLong(all - 7);
                var cancellation = new Cancellation();
                looks.set(0);
                var cancelling = new QueryEngine(engine.limits(), () -> {
                    if (looks.incrementAndGet() == last) {
                        cancellation.cancel();
                    }
                    return 0;
                });
                assertThatThrownBy(() -> cancelling.run(range(query), store.queryable(), cancellation))
                        .isInstanceOfSatisfying(QueryException.class, e -> assertThat(e.kind())
                                .isEqualTo(QueryException.Kind.CANCELED));
                assertThat(looks.get()).as(query).isEqualTo(last);
            }
        }
    }
}

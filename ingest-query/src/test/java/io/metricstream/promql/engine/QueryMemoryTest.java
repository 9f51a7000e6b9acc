package io.metricstream.promql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.Labels;
import io.metricstream.promql.parse.PromParser;
import io.metricstream.promql.script.ScriptStore;
import io.metricstream.select.Cancellation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That whatever a query keeps counts as its memory, and does so no longer than it is kept. */
final class QueryMemoryTest {
    private static final int SERIES = 300;
    /** Labels take most of the memory of these series. */
    private static final String LONG = "x".repeat(4000);

    private static final long OF_LABELS = (long) SERIES * LONG.length();

    @TempDir
    private Path folder;

    private ScriptStore store;

    @BeforeEach
    void fill() throws Exception {
        store = new ScriptStore(folder);
        for (int i = 0; i < SERIES; i++) {
            String number = String.valueOf(i);
            for (String name : new String[] {"m", "n"}) {
                store.append(
                        Labels.of(Labels.NAME, name, "i", number + LONG, "le", number, "instance", number),
                        new long[] {0, 1000},
                        new double[] {i, i});
            }
            store.append(
                    Labels.of(Labels.NAME, "target_info", "instance", number, "more", number + LONG),
                    new long[] {0},
                    new double[] {1});
            store.append(Labels.of(Labels.NAME, "short", "instance", number), new long[] {0}, new double[] {i});
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private QueryResult run(QueryRequest request, long memory) throws QueryException {
        var limits = new QueryLimits(Long.MAX_VALUE, memory, Duration.ofDays(1), Duration.ofMinutes(5));
        return new QueryEngine(limits, () -> 0).run(request, store.queryable(), new Cancellation());
    }

    private void needsTooMuch(String query, long memory) {
        for (QueryRequest request :
                new QueryRequest[] {QueryRequest.instant(query, 1000), QueryRequest.range(query, 0, 1000, 1000)}) {
            assertThatThrownBy(() -> run(request, memory))
                    .as(query)
                    .hasMessageContaining("query needs too much memory");
        }
    }

    @Test
    void countsTheLabelsOfWhatIsKept() {
        for (String query : new String[] {
            "m",
            "rate(m[5m])",
            "sort(m)",
            "topk(1000, m)",
            "limitk by (i) (1, m)",
            "limit_ratio(1, m)",
            "avg(m)",
            "quantile(0.5, m)",
            "histogram_quantile(0.5, m)",
            "m + on(i) n",
            "count(m > on(i) group_left() n)",
            "count(m) + sum(m)",
            "count(rate(m[5m])) + sum(increase(m[5m]))",
            "count(info(m))",
            "count(info(short))"
        }) {
            needsTooMuch(query, OF_LABELS);
        }
    }

    /** Of which the series themselves were given back already. */
    @Test
    void countsTheLabelsOfGroups() {
        for (String query : new String[] {
            "count(sum by (i) (m))",
            "count(max without (le) (m))",
            "count(count_values by (i) ('v', m))",
            "count(x and on(i) m)",
            "count(n unless on(i) m)",
            "count(n or m)",
        }) {
            needsTooMuch(query, OF_LABELS);
        }
    }

    @Test
    void countsLabelsThatAreMade() {
        needsTooMuch("count(sort(label_replace(short, 'new', '" + LONG + "', '', '')))", OF_LABELS);
        needsTooMuch("count(label_join(short, 'new', '" + LONG + "', 'instance', 'instance'))", OF_LABELS);
        needsTooMuch("count_values('" + LONG + "', short)", OF_LABELS);
        needsTooMuch("short * on(instance) group_left(i) (m > -1)", OF_LABELS);
    }

    @Test
    void countsWhatGrowsWithTheSteps() {
        // The times and places of windows, also where nothing is selected.
        needsTooMuch("max_over_time(x[30d:1s])", 32 << 20);
        needsTooMuch("sum_over_time(rate(x[1m])[30d:1s])", 32 << 20);
        // The set of steps of each of them.
        needsTooMuch("max_over_time(" + "absent(".repeat(100) + "vector(1)" + ")".repeat(100) + "[10d:1s])", 16 << 20);
    }

    /** Of many things that are computed one after the other, only one is kept at a time. */
    @Test
    void countsNothingThatIsKeptNoMore() throws Exception {
        for (String query : new String[] {
            "m",
            "sort(m)",
            "topk(3, m)",
            "limitk(3, m)",
            "limit_ratio(0.1, m)",
            "sum by (i) (m)",
            "avg by (i) (m)",
            "count_values by (i) ('v', m)",
            "quantile by (i) (0.5, m)",
            "histogram_quantile(0.5, m)",
            "m + on(i) n",
            "m and on(i) n",
            "m or on(i) n",
            "m unless on(i) n",
            "info(m)",
            "m @ 0",
            "label_replace(m, 'new', '$1', 'i', '(.*)')",
            "rate(m[5m]) + increase(m[5m])",
            "quantile_over_time(0.5, m[5m:1s])",
            "clamp(m, 1, 2)",
            "absent(m)",
            "vector(scalar(m))",
        }) {
            var several = new ArrayList<String>();
            for (int i = 0; i < 10; i++) {
                several.add("count(" + query.replaceAll("\\b[mn]\\b", "$0{le!='x" + i + "'}") + ")");
            }
            for (boolean range : new boolean[] {false, true}) {
                assertThat(peakBytes(String.join(" or ", several), range))
                        .as(query)
                        .isLessThan(peakBytes(several.get(0), range) * 11 / 10 + 20_000);
            }
        }
    }

    private long peakBytes(String query, boolean range) throws QueryException {
        QueryRequest request = range ? QueryRequest.range(query, 0, 1000, 1000) : QueryRequest.instant(query, 1000);
        return run(request, 1 << 30).stats().peakBytes();
    }

    @Test
    void dropsFreeColumnsWhereOthersNeedTheirMemory() throws Exception {
        var limits = new QueryLimits(1, 100_000, Duration.ofDays(1), Duration.ofMinutes(5));
        var budget = new Budget(limits, new QueryMemory(1 << 20).share(), 1, new Cancellation(), () -> 0);
        List<Column> used = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            used.add(budget.take(1000));
        }
        used.forEach(budget::give);
        Column again = budget.take(1000);
        assertThat(used).contains(again);
        budget.give(again);

        Column large = budget.take(11_000);
        budget.give(large);
        assertThat(used).doesNotContain(budget.take(1000));
    }

    @Test
    void hasOneQueryWaitForTheMemoryOfAnother() throws Exception {
        var limits = new QueryLimits(Long.MAX_VALUE, 3 << 20, Duration.ofDays(1), Duration.ofMinutes(5));
        var memory = new QueryMemory(2 << 20);
        var engine = new QueryEngine(limits, memory, () -> 0);
        QueryRequest request = QueryRequest.instant("m", 1000);
        try (QueryMemory.Share first = engine.share()) {
            // Held as long as the result, also when the query is done.
            assertThat(engine.run(request, store.queryable(), new Cancellation(), first)
                            .series())
                    .hasSize(SERIES);
            assertThat(memory.heldBytes()).isBetween(OF_LABELS, 2L << 20);
            assertThatThrownBy(() -> engine.run(request, store.queryable(), new Cancellation()))
                    .isInstanceOfSatisfying(
                            QueryException.class, e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.BUSY))
                    .hasMessageContaining("queries need too much memory together");
            // A small one goes on.
            assertThat(engine.run(QueryRequest.instant("count(short)", 1000), store.queryable(), new Cancellation())
                            .series())
                    .hasSize(1);
        }
        assertThat(memory.heldBytes()).isZero();
        assertThat(engine.run(request, store.queryable(), new Cancellation()).series())
                .hasSize(SERIES);
    }

    /** The last piece that there is may be less than a whole one. */
    @Test
    void leavesAQueryThatIsAloneAllThatItMayHave() throws Exception {
        long most = 2 * QueryMemory.PIECE_BYTES + 1000;
        try (QueryMemory.Share share = new QueryMemory(most).share()) {
            assertThat(share.growTo(QueryMemory.PIECE_BYTES + 1)).isEqualTo(2 * QueryMemory.PIECE_BYTES);
            assertThat(share.growTo(most - 1)).isEqualTo(most);
            assertThatThrownBy(() -> share.growTo(most + 1)).hasMessageContaining("wanted at most " + most);
        }
    }

    @Test
    void givesEverythingBackHoweverAQueryEnds() throws Exception {
        var limits = new QueryLimits(Long.MAX_VALUE, 1 << 20, Duration.ofDays(1), Duration.ofMinutes(5));
        var memory = new QueryMemory(1 << 20);
        var engine = new QueryEngine(limits, memory, () -> 0);
        for (String query :
                new String[] {"m", "m * on(instance) group_left short", "short * on() short", "sum(", "1"}) {
            try {
                assertThat(engine.run(QueryRequest.instant(query, 0), store.queryable(), new Cancellation()))
                        .isNotNull();
            } catch (QueryException e) {
                assertThat(e).hasMessageNotContaining("together");
            }
            assertThat(memory.heldBytes()).as(query).isZero();
        }
    }

    /** Each operator around a long selector is known by a text that has the selector in it, and all of them are kept. */
    @Test
    void keepsNoTextOfEachPartOfALongQuery() throws Exception {
        String selector = "x{a=\"" + "y".repeat(1 << 20) + "\"}";
        String query = "-(".repeat(150) + selector + ")".repeat(150);
        long before = usedBytes();
        var planner = Planner.create();
        VectorOp op = planner.vector(PromParser.parse(query));
        assertThat(usedBytes() - before).isLessThan(20L << 20);
        assertThat(planner.vector(PromParser.parse(query))).isSameAs(op);
        assertThat(planner.vector(PromParser.parse(query.replace("y\"", "z\""))))
                .isNotSameAs(op);
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}

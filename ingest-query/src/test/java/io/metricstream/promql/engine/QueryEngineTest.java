package io.metricstream.promql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.promql.parse.ValueType;
import io.metricstream.promql.script.ScriptStore;
import io.metricstream.select.Cancellation;
import io.metricstream.select.Queryable;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a query may take, what it reads, and how it ends. */
final class QueryEngineTest {
    private static final int SERIES = 50;
    private static final int SAMPLES = 200;

    @TempDir
    private Path folder;

    private final AtomicLong nowNanos = new AtomicLong();
    private ScriptStore store;

    @BeforeEach
    void fill() throws Exception {
        store = new ScriptStore(folder);
        for (int i = 0; i < SERIES; i++) {
            var times = new long[SAMPLES];
            var values = new double[SAMPLES];
            for (int j = 0; j < SAMPLES; j++) {
                times[j] = j * 1000L;
                values[j] = i + j;
            }
            store.append(Labels.of(Labels.NAME, "m_total", "i", String.valueOf(i)), times, values);
        }
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private QueryEngine engine(long samples, long memory) {
        return new QueryEngine(
                new QueryLimits(samples, memory, Duration.ofSeconds(10), Duration.ofMinutes(5)), nowNanos::get);
    }

    private QueryResult range(String query, QueryEngine engine, Queryable queryable) throws QueryException {
        return engine.run(QueryRequest.range(query, 0, 199_000, 1000), queryable, new Cancellation());
    }

    private void fails(String query, QueryEngine engine, QueryException.Kind kind, String message) {
        assertThatThrownBy(() -> range(query, engine, store.queryable()))
                .isInstanceOfSatisfying(
                        QueryException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(message);
    }

    /** Counts what is read, in the place of the store. */
    private static final class Counting implements Queryable {
        private final Queryable inner;
        private final List<Selection> selections = new ArrayList<>();

        Counting(Queryable inner) {
            this.inner = inner;
        }

        @Override
        public SeriesCursor select(Selection selection) throws StorageFailure {
            selections.add(selection);
            return inner.select(selection);
        }

        @Override
        public List<String> labelNames(Selection selection, int limit) throws StorageFailure {
            return inner.labelNames(selection, limit);
        }

        @Override
        public List<String> labelValues(String label, Selection selection, int limit) throws StorageFailure {
            return inner.labelValues(label, selection, limit);
        }

        @Override
        public Map<String, Set<MetricType>> types(Selection selection, int limit) throws StorageFailure {
            return inner.types(selection, limit);
        }
    }

    @Test
    void readsNoMoreThanItMay() throws Exception {
        long all = SERIES * SAMPLES;
        assertThat(range("sum(m_total)", engine(all, 1 << 20), store.queryable())
                        .stats()
                        .samplesRead())
                .isEqualTo(all);
        fails("sum(m_total)", engine(all - 1, 1 << 20), QueryException.Kind.EXECUTION, "too many samples");
    }

    @Test
    void collectsNoMoreThanItMay() throws Exception {
        // A sum takes series in one by one, a join collects them.
        assertThat(range("sum(m_total)", engine(1 << 20, 16 << 10), store.queryable())
                        .series())
                .hasSize(1);
        fails("m_total + m_total", engine(1 << 20, 16 << 10), QueryException.Kind.EXECUTION, "too much memory");
        String nested = "1 + (".repeat(100) + "time()" + ")".repeat(100);
        fails(
                "max_over_time(vector(" + nested + ")[1h:1s])",
                engine(1 << 20, 1 << 20),
                QueryException.Kind.EXECUTION,
                "memory");
        fails("quantile(0.5, m_total)", engine(1 << 20, 16 << 10), QueryException.Kind.EXECUTION, "too much memory");
    }

    @Test
    void endsInTime() {
        QueryEngine late = new QueryEngine(
                new QueryLimits(1 << 20, 1 << 20, Duration.ofSeconds(1), Duration.ofMinutes(5)),
                () -> nowNanos.getAndAdd(2_000_000_000L));
        fails("stddev_over_time(m_total[3m])", late, QueryException.Kind.TIMEOUT, "query timed out");
    }

    @Test
    void endsWhenNobodyWants() {
        var cancelled = new Cancellation();
        cancelled.cancel();
        assertThatThrownBy(() -> engine(1 << 20, 1 << 20)
                        .run(
                                QueryRequest.range("stddev_over_time(m_total[3m])", 0, 199_000, 1000),
                                store.queryable(),
                                cancelled))
                .isInstanceOfSatisfying(
                        QueryException.class, e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.CANCELED));
    }

    @Test
    void readsOnceWhatStandsTwice() throws Exception {
        var counting = new Counting(store.queryable());
        QueryEngine engine = engine(1 << 20, 1 << 20);
        QueryResult twice = range("rate(m_total[1m]) / rate(m_total[1m])", engine, counting);
        assertThat(counting.selections).hasSize(1);
        assertThat(twice.series()).hasSize(SERIES);
        counting.selections.clear();
        range("max_over_time(m_total[1m]) - min_over_time(m_total[1m])", engine, counting);
        assertThat(counting.selections).hasSize(1);
        counting.selections.clear();
        range("sum(m_total) + count(m_total) + avg(m_total offset 5s)", engine, counting);
        assertThat(counting.selections).hasSize(2);
        counting.selections.clear();
        range("sum_over_time(m_total[1m] @ 100)", engine, counting);
        assertThat(counting.selections).hasSize(1);
        assertThat(counting.selections.get(0).fromMillis()).isEqualTo(40_001);
        assertThat(counting.selections.get(0).toMillis()).isEqualTo(100_000);
    }

    @Test
    void refusesWhatHasNoAnswer() {
        QueryEngine engine = engine(1 << 20, 1 << 20);
        fails("m_total[5m]", engine, QueryException.Kind.BAD_DATA, "range vector");
        fails("\"text\"", engine, QueryException.Kind.BAD_DATA, "string");
        fails("m_total{", engine, QueryException.Kind.BAD_DATA, "1:9: parse error");
        fails("histogram_avg(m_total)", engine, QueryException.Kind.EXECUTION, "needs native histograms");
        fails("label_replace(m_total, \"a\", \"\", \"b\", \"(\")", engine, QueryException.Kind.EXECUTION, "regular");
        fails("sum_over_time(vector(1)[290y:1ms])", engine, QueryException.Kind.EXECUTION, "too many steps");
        assertThatThrownBy(
                        () -> engine.run(QueryRequest.range("1", 0, 11_001, 1), store.queryable(), new Cancellation()))
                .hasMessageContaining("11,000 points");
    }

    @Test
    void takesElevenThousandSteps() throws Exception {
        QueryResult result = engine(1 << 20, 1 << 20)
                .run(QueryRequest.range("1", 0, 11_000, 1), store.queryable(), new Cancellation());
        assertThat(result.series().get(0).size()).isEqualTo(11_001);
    }

    /** As deep as the parser takes it, on a stack as threads have it. */
    @Test
    void evaluatesDeepExpressions() throws Exception {
        QueryEngine engine = engine(1 << 24, 1 << 24);
        var failures = new ArrayList<Throwable>();
        for (String query : List.of(
                "abs(".repeat(390) + "m_total" + ")".repeat(390),
                "m_total" + " + 1".repeat(390),
                "1 + (".repeat(190) + "m_total" + ")".repeat(190),
                "sum(".repeat(390) + "m_total" + ")".repeat(390),
                "max_over_time(".repeat(100) + "m_total" + "[1s:1s])".repeat(100))) {
            var thread = new Thread(
                    null,
                    () -> {
                        try {
                            assertThat(range(query, engine, store.queryable()).series())
                                    .isNotEmpty();
                        } catch (QueryException | RuntimeException | Error e) {
                            failures.add(e);
                        }
                    },
                    "query",
                    1 << 20);
            thread.start();
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void tellsTheTypeOfEachResult() throws Exception {
        QueryEngine engine = engine(1 << 20, 1 << 20);
        for (Map.Entry<String, ValueType> query : Map.of(
                        "1",
                        ValueType.SCALAR,
                        "'a'",
                        ValueType.STRING,
                        "m_total",
                        ValueType.VECTOR,
                        "m_total[1s]",
                        ValueType.MATRIX)
                .entrySet()) {
            assertThat(engine.run(QueryRequest.instant(query.getKey(), 5000), store.queryable(), new Cancellation())
                            .type())
                    .isEqualTo(query.getValue());
        }
        QueryResult range = range("time()", engine, store.queryable());
        assertThat(range.type()).isEqualTo(ValueType.MATRIX);
        assertThat(range.series().get(0).size()).isEqualTo(200);
    }
}

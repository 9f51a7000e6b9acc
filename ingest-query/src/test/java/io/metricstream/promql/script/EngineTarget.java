package io.metricstream.promql.script;

import io.metricstream.model.NanoClock;
import io.metricstream.promql.engine.QueryEngine;
import io.metricstream.promql.engine.QueryException;
import io.metricstream.promql.engine.QueryLimits;
import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.select.Cancellation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/** The engine over a store of memory and parts that are cut at random. */
final class EngineTarget implements ScriptTarget, AutoCloseable {
    private final Path folder;
    private final Random random;
    private final QueryEngine engine = new QueryEngine(
            new QueryLimits(50_000_000, 1L << 30, Duration.ofMinutes(2), Duration.ofMinutes(5)), NanoClock.system());
    private ScriptStore store;

    EngineTarget(Path folder, Random random) throws Exception {
        this.folder = folder;
        this.random = random;
        this.store = open();
    }

    private ScriptStore open() throws Exception {
        return new ScriptStore(Files.createTempDirectory(folder, "store"));
    }

    @Override
    public void clear() throws Exception {
        store.close();
        store = open();
    }

    @Override
    public void load(Script.Load load) throws Exception {
        for (Script.SeriesLine line : load.series()) {
            var times = new long[line.values().size()];
            var values = new double[times.length];
            int[] count = new int[1];
            line.forEachSample(load.stepMillis(), (time, value) -> {
                times[count[0]] = time;
                values[count[0]++] = value;
            });
            store.append(line.labels(), Arrays.copyOf(times, count[0]), Arrays.copyOf(values, count[0]));
            if (random.nextInt(4) == 0) {
                store.flush();
            }
        }
    }

    @Override
    public QueryResult run(QueryRequest request) throws NoResultException {
        try {
            return engine.run(request, store.queryable(), new Cancellation());
        } catch (QueryException e) {
            throw new NoResultException(e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}

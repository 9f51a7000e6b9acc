package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.ask.AskException;
import io.metricstream.ask.QueryClient;
import io.metricstream.http.RemoteWrites;
import io.metricstream.model.Labels;
import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.promql.script.Script;
import io.metricstream.promql.script.ScriptTarget;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A server, over HTTP: samples come by remote write in random order, queries by the API, and what is to go is deleted, so that
 * each script finds the deleted samples of those before it, in memory and in parts.
 */
final class ServerTarget implements ScriptTarget {
    private static final int SAMPLES_A_MESSAGE = 1000;
    private static final String[] HEADERS = {"Content-Type", "application/x-protobuf", "Content-Encoding", "snappy"};
    private static final String ALL = "{__name__!=\"\"}";

    private final ApiClient api;
    private final QueryClient queries;
    private final Random random;

    ServerTarget(int port, Random random) {
        this.api = new ApiClient(port);
        this.queries = new QueryClient(URI.create("http://127.0.0.1:" + port), null);
        this.random = random;
    }

    @Override
    public void clear() throws IOException, InterruptedException {
        stored(api.postForm("/api/v1/admin/tsdb/delete_series", "match[]", ALL));
    }

    /** All series come mixed, unless the later of two samples at the same time is to count. */
    @Override
    public void load(Script.Load load) throws IOException, InterruptedException {
        List<byte[]> messages = new ArrayList<>();
        for (Script.SeriesLine line : load.series()) {
            String[] labels = pairs(line.labels());
            line.forEachSample(
                    load.stepMillis(), (time, value) -> messages.add(RemoteWrites.message(value, time, labels)));
        }
        boolean distinct =
                load.series().stream().map(Script.SeriesLine::labels).distinct().count()
                        == load.series().size();
        if (distinct) {
            Collections.shuffle(messages, random);
        }
        for (int from = 0; from < messages.size(); from += SAMPLES_A_MESSAGE) {
            byte[][] some = messages.subList(from, Math.min(messages.size(), from + SAMPLES_A_MESSAGE))
                    .toArray(byte[][]::new);
            stored(api.post("/api/v1/write", RemoteWrites.snappy(RemoteWrites.join(some)), HEADERS));
        }
    }

    private static void stored(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    private static String[] pairs(Labels labels) {
        var pairs = new String[2 * labels.size()];
        for (int i = 0; i < labels.size(); i++) {
            pairs[2 * i] = labels.name(i);
            pairs[2 * i + 1] = labels.value(i);
        }
        return pairs;
    }

    @Override
    public QueryResult run(QueryRequest request) throws NoResultException, InterruptedException {
        try {
            return queries.run(request);
        } catch (AskException e) {
            throw new NoResultException(e);
        }
    }
}

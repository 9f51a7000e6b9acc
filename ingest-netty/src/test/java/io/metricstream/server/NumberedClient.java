package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.export.SampleSource;
import io.metricstream.model.Series;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Posts samples that are numbered, and remembers which were sent and which were acknowledged. */
final class NumberedClient {
    private static final long FIRST_MILLIS = System.currentTimeMillis() - 3_600_000;
    private static final int SAMPLES_PER_SERIES = 5000;

    private final int id;
    private final Random random;
    private final BitSet sent = new BitSet();
    private final BitSet acknowledged = new BitSet();
    private int next;

    NumberedClient(int id, long seed) {
        this.id = id;
        this.random = new Random(seed + id);
    }

    /** Posts until the server is gone. */
    void loadUntilGone(ServerProcess server) {
        try {
            while (true) {
                postOne(server);
            }
        } catch (IOException | InterruptedException gone) {
            // The server was killed, which is what the test is about.
        }
    }

    /** Posts one request of up to 200 samples and gives its answer back. */
    HttpResponse<String> postOne(ServerProcess server) throws IOException, InterruptedException {
        int from = next;
        int count = 1 + random.nextInt(200);
        next += count;
        sent.set(from, next);
        HttpResponse<String> answer = server.post("/metrics", body(from, count));
        if (answer.statusCode() == 200) {
            acknowledged.set(from, next);
        }
        return answer;
    }

    /** The numbers of the samples that were acknowledged by now. */
    BitSet acknowledged() {
        return (BitSet) acknowledged.clone();
    }

    /** The numbers of all samples that were sent by now. */
    BitSet sent() {
        return (BitSet) sent.clone();
    }

    private String body(int from, int count) {
        var json = new StringBuilder("{\"metrics\":[");
        for (int i = from; i < from + count; i++) {
            json.append(i == from ? "" : ",")
                    .append("{\"name\":\"numbered\",\"value\":")
                    .append(i)
                    .append(",\"timestamp\":")
                    .append(FIRST_MILLIS + i)
                    .append(",\"tags\":{\"client\":\"")
                    .append(id)
                    .append("\",\"part\":\"")
                    .append(i / SAMPLES_PER_SERIES)
                    .append("\"}}");
        }
        return json.append("]}").toString();
    }

    /** Fails where an acknowledged sample is not stored, or one is that was never sent; returns the acknowledged. */
    static long check(List<NumberedClient> clients, Path data, String when) throws StorageFailure {
        var finder = new Finder(clients.size());
        StoredSamples.read(data, finder);
        long acknowledged = 0;
        for (int i = 0; i < clients.size(); i++) {
            NumberedClient client = clients.get(i);
            BitSet lost = (BitSet) client.acknowledged.clone();
            lost.andNot(finder.found[i]);
            assertThat(lost.toString()).as("lost %s by client %d", when, i).isEqualTo("{}");
            BitSet invented = (BitSet) finder.found[i].clone();
            invented.andNot(client.sent);
            assertThat(invented.toString())
                    .as("invented %s by client %d", when, i)
                    .isEqualTo("{}");
            acknowledged += client.acknowledged.cardinality();
        }
        return acknowledged;
    }

    private static final class Finder implements SampleSource.Sink {
        private final BitSet[] found;
        private final Map<Integer, Integer> clientOfRef = new HashMap<>();

        Finder(int clients) {
            found = new BitSet[clients];
            for (int i = 0; i < clients; i++) {
                found[i] = new BitSet();
            }
        }

        @Override
        public void onSeries(int ref, Series series) {
            clientOfRef.put(ref, Integer.valueOf(series.tags().get("client")));
        }

        @Override
        public void onSample(int ref, long timestampMillis, double value) {
            int number = (int) value;
            assertThat(timestampMillis).isEqualTo(FIRST_MILLIS + number);
            found[clientOfRef.get(ref)].set(number);
        }
    }
}

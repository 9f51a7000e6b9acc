package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same queries, of the same samples, to this server and to a real Prometheus, where one is installed. Without a seed, the
 * same ones each time: a last bit that differs may make a difference once in many thousands. A long run:
 * {@code -Dit.test=ReferenceIT -Dreference.expressions=50000 -Dseed=2}.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class ReferenceIT {
    private static final long SEED = Long.getLong("seed", 1);
    private static final int EXPRESSIONS = Integer.getInteger("reference.expressions", 1500);
    private static final int MOST_SHOWN = 20;
    /** Prometheus 3 takes any label's name, and does not count a subquery's step at the very start of its range. */
    private static final Set<String> OTHERWISE_SINCE_3 = Set.of(
            "label_replace(demo_num_cpus, \"~invalid\", \"\", \"src\", \"(.*)\")",
            "label_join(demo_num_cpus, \"~invalid\", \"-\", \"instance\")",
            "max_over_time((time() - max(demo_batch_last_success_timestamp_seconds) < 1000)[5m:10s] offset 5m)",
            "avg_over_time(rate(demo_cpu_usage_seconds_total[1m])[2m:10s])");

    @TempDir
    private static Path folder;

    private static ReferenceServer reference;
    private static LiveServer server;
    private static ApiClient api;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("ReferenceIT: seed=" + SEED);
        var data = new ReferenceData(SEED);
        reference = ReferenceServer.start(folder.resolve("reference"), data.openMetrics());
        List<String> lines = data.lines();
        int half = lines.size() / 2;
        startServer();
        load(lines.subList(0, half));
        // What was loaded so far is in parts then, and the rest in memory.
        server.close();
        startServer();
        load(lines.subList(half, lines.size()));
    }

    private static void startServer() throws Exception {
        server = LiveServer.start(folder.resolve("data"), "retention.time=infinite");
        api = new ApiClient(server.port());
    }

    private static void load(List<String> lines) throws Exception {
        for (String line : lines) {
            assertThat(api.post("/api/v1/import", line.getBytes(StandardCharsets.UTF_8))
                            .statusCode())
                    .isEqualTo(204);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        if (reference != null) {
            reference.close();
        }
    }

    @Test
    void answersComplianceQueriesAsTheReferenceDoes() throws Exception {
        List<ComplianceQueries.Query> queries =
                ComplianceQueries.read(ConformanceFiles.find("promql/compliance-queries.yml"));
        assertThat(queries).hasSize(539);
        long end = ReferenceData.END_MILLIS;
        var differences = new ArrayList<String>();
        for (ComplianceQueries.Query query : queries) {
            String difference = compareRange(query.text(), end - 600_000, end, 10_000);
            String wanted = query.shouldFail() ? AnswerComparison.BOTH_REFUSED : null;
            if (!Objects.equals(difference, wanted) && !OTHERWISE_SINCE_3.contains(query.text())) {
                differences.add(query.text() + "\n  " + difference);
            }
        }
        assertThat(differences).as("seed=" + SEED).isEmpty();
    }

    @Test
    void answersRandomExpressionsAsTheReferenceDoes() throws Exception {
        var expressions = new RandomExpressions(SEED);
        var random = new Random(SEED);
        var differences = new ArrayList<String>();
        int same = 0;
        for (int i = 0; i < EXPRESSIONS && differences.size() < MOST_SHOWN; i++) {
            String query = expressions.next();
            // No time of a step is on the minute, where subqueries have theirs.
            long start = ReferenceData.START_MILLIS + random.nextInt(7200) * 1000L + 617;
            long step = List.of(15_000, 60_000, 97_000).get(random.nextInt(3));
            long end = start + random.nextInt(40) * step;
            String difference =
                    random.nextInt(4) == 0 ? compareInstant(query, start) : compareRange(query, start, end, step);
            if (difference == null) {
                same++;
            } else if (!difference.equals(AnswerComparison.BOTH_REFUSED)) {
                differences.add(query + " from " + start + " to " + end + " by " + step + "\n  " + difference);
            }
        }
        System.out.println("ReferenceIT: expressions=" + EXPRESSIONS + ", answered alike=" + same);
        assertThat(differences).as("seed=" + SEED).isEmpty();
        assertThat(same).isGreaterThan(EXPRESSIONS / 2);
    }

    private static String compareRange(String query, long start, long end, long step) throws Exception {
        String[] parameters = {"query", query, "start", seconds(start), "end", seconds(end), "step", seconds(step)};
        return AnswerComparison.difference(
                api.postForm("/api/v1/query_range", parameters),
                reference.api().postForm("/api/v1/query_range", parameters));
    }

    private static String compareInstant(String query, long time) throws Exception {
        String[] parameters = {"query", query, "time", seconds(time)};
        return AnswerComparison.difference(
                api.postForm("/api/v1/query", parameters), reference.api().postForm("/api/v1/query", parameters));
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).toPlainString();
    }
}

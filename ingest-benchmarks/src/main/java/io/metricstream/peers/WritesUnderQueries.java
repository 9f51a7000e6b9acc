package io.metricstream.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes at a fixed rate while heavy queries are asked back to back, and while none are, in turns, and prints how long writes
 * take: {@code java -cp ingest-benchmarks/target/benchmarks.jar io.metricstream.peers.WritesUnderQueries FOLDER}, in the
 * project's folder; the data go into the other folder, which is to be empty. Options behind it, each followed by its value:
 *
 * <pre>
 * --series 10000      ten for each host, which are asked about
 * --points 300        of each series, 10 s apart
 * --rate 200          writes a second
 * --batch 100         samples of a write, of series that are not asked about
 * --writers 4         connections that write
 * --askers 1          clients that ask, each the next query when it has the answer to the one before
 * --seconds 10        of each turn
 * --rounds 5          turns of each kind
 * --warm-up 20        seconds of both before the first turn
 * </pre>
 *
 * <p>A write's time begins when it is due, so that one that waits for the one before counts the wait.
 */
public final class WritesUnderQueries {
    private static final int PORT = 18482;
    private static final int POINTS_A_BODY = 1000;
    private static final long STEP_MILLIS = 15_000;
    private static final String[] HEAVY = {
        "sum(rate({__name__=~\"cpu_.*\"}[5m]))",
        "cpu_bytes_in / on (host) cpu_bytes_out",
        "avg by (host) (avg_over_time(cpu_usage_user[5m]))",
        "topk(5, rate(cpu_bytes_in[5m]))",
        "quantile by (region) (0.9, {__name__=~\"cpu_.*\"})",
        "sum by (region) (max_over_time({__name__=~\"cpu_usage.*\"}[10m]))"
    };

    private final Map<String, String> options = new TreeMap<>(Map.of(
            "--series",
            "10000",
            "--points",
            "300",
            "--rate",
            "200",
            "--batch",
            "100",
            "--writers",
            "4",
            "--askers",
            "1",
            "--seconds",
            "10",
            "--rounds",
            "5",
            "--warm-up",
            "20"));

    private final Path folder;
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean asking;
    private double queriesPerSecond;

    private WritesUnderQueries(String[] arguments) {
        folder = Path.of(arguments[0]);
        for (int i = 1; i + 1 < arguments.length; i += 2) {
            if (options.replace(arguments[i], arguments[i + 1]) == null) {
                throw new IllegalArgumentException("unknown option: " + arguments[i] + ", known: " + options.keySet());
            }
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        new WritesUnderQueries(arguments).run();
    }

    private int number(String option) {
        return Integer.parseInt(options.getOrDefault(option, ""));
    }

    private void run() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        long interval = PeerFleet.INTERVAL_MILLIS;
        long end = System.currentTimeMillis() / interval * interval;
        var fleet = new PeerFleet(number("--series"), number("--points"), end);
        try (PeerServer server = PeerServer.metricStream(folder, PORT)) {
            server.awaitReady();
            for (int point = 0; point < number("--points"); point += POINTS_A_BODY) {
                for (int host = 0; host < fleet.hosts(); host++) {
                    server.post("/api/v1/import", fleet.lines(host, point, POINTS_A_BODY));
                }
            }
            server.restart();
            measure(server, fleet, end);
        }
    }

    private void measure(PeerServer server, PeerFleet fleet, long toMillis) throws IOException, InterruptedException {
        var paths = new ArrayList<String>();
        for (String query : HEAVY) {
            paths.add(new PeerQuery(query, query).range(fleet.firstMillis(), toMillis, STEP_MILLIS));
            System.out.printf("%s: %d bytes%n", query, server.get(paths.get(paths.size() - 1)).length);
        }
        double[] unused = turn(server, paths, number("--warm-up"));
        System.out.println("| Writes | Queries/s | p50 ms | p99 ms | Slowest ms |");
        System.out.println("|---|---|---|---|---|");
        int rounds = number("--rounds");
        var alone = new double[rounds];
        var under = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            alone[round] = print("alone", turn(server, List.of(), number("--seconds")));
            under[round] = print("under queries", turn(server, paths, number("--seconds")));
        }
        Arrays.sort(alone);
        Arrays.sort(under);
        double before = alone[rounds / 2];
        double with = under[rounds / 2];
        System.out.printf(
                "p99, median of %d turns: alone %.2f ms, under queries %.2f ms: %.2f times%n",
                rounds, before, with, with / before);
    }

    /** Writes for so long, with queries meanwhile where there are any; the times of all writes in ms, ascending. */
    private double[] turn(PeerServer server, List<String> queries, int seconds)
            throws IOException, InterruptedException {
        var failures = new ConcurrentLinkedQueue<IOException>();
        var writers = new PacedWriters(server, number("--rate"), number("--batch"), number("--writers"));
        answered.set(0);
        asking = true;
        var askers = new ArrayList<Thread>();
        for (int i = 0; i < number("--askers") && !queries.isEmpty(); i++) {
            int first = i;
            askers.add(new Thread(() -> ask(server, queries, first, failures), "asker"));
        }
        askers.forEach(Thread::start);
        double[] millis = writers.write(Duration.ofSeconds(seconds), failures);
        asking = false;
        for (Thread asker : askers) {
            asker.join();
        }
        if (!failures.isEmpty()) {
            throw failures.element();
        }
        queriesPerSecond = answered.get() / (double) seconds;
        return millis;
    }

    private void ask(PeerServer server, List<String> queries, int first, Queue<IOException> failures) {
        try {
            for (int i = first; asking; i++) {
                byte[] unused = server.get(queries.get(i % queries.size()));
                answered.incrementAndGet();
            }
        } catch (IOException e) {
            failures.add(e);
        }
    }

    /** The p99, which is printed with the rest. */
    private double print(String what, double[] millis) {
        double p99 = millis[(int) Math.ceil(0.99 * millis.length) - 1];
        System.out.printf(
                "| %s | %.1f | %.2f | %.2f | %.2f |%n",
                what, queriesPerSecond, millis[millis.length / 2], p99, millis[millis.length - 1]);
        return p99;
    }
}

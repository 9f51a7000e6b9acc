package io.metricstream.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Asks MetricStream and VictoriaMetrics ({@code victoria-metrics} of Debian's package) the same queries and prints how long
 * each takes: {@code java -cp ingest-benchmarks/target/benchmarks.jar io.metricstream.peers.QueryPeers FOLDER}, in the
 * project's folder; the data go into the other folder, which is to be empty. Options behind it, each followed by its value:
 *
 * <pre>
 * --series 10000      ten for each host
 * --points 300        of each series, 10 s apart
 * --step 15           seconds between the steps of a range
 * --warm-up 100       times that each query is asked before it is measured
 * --warm-seconds 0    so long it is asked before at least, as what takes little is not compiled after a hundred times
 * --rounds 20         times that it is measured, of which the median counts
 * --only TEXT         only queries in whose names the text stands
 * </pre>
 *
 * <p>Both are stopped and started once all samples are stored, so that these lie in files, and the files in the page cache.
 * Ranges are asked of VictoriaMetrics without and with its cache of answers ({@code nocache=1}); the ratio is to the former.
 */
public final class QueryPeers {
    private static final int OUR_PORT = 18480;
    private static final int THEIR_PORT = 18481;
    private static final int POINTS_A_BODY = 1000;
    private static final byte[] SERIES_MARK = "\"metric\":".getBytes(StandardCharsets.UTF_8);
    private static final double NANOS_A_MILLI = 1e6;
    /** So long ago is the newest sample, for VictoriaMetrics leaves out the last 30 s. */
    private static final long AGO_MILLIS = 300_000;

    private final Map<String, String> options = new TreeMap<>(Map.of(
            "--series",
            "10000",
            "--points",
            "300",
            "--step",
            "15",
            "--warm-up",
            "100",
            "--warm-seconds",
            "0",
            "--rounds",
            "20",
            "--only",
            ""));

    private final Path folder;

    private QueryPeers(String[] arguments) {
        folder = Path.of(arguments[0]);
        for (int i = 1; i + 1 < arguments.length; i += 2) {
            if (options.replace(arguments[i], arguments[i + 1]) == null) {
                throw new IllegalArgumentException("unknown option: " + arguments[i] + ", known: " + options.keySet());
            }
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        new QueryPeers(arguments).run();
    }

    private int number(String option) {
        return Integer.parseInt(options.getOrDefault(option, ""));
    }

    private void run() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        long interval = PeerFleet.INTERVAL_MILLIS;
        long end = (System.currentTimeMillis() - AGO_MILLIS) / interval * interval;
        var fleet = new PeerFleet(number("--series"), number("--points"), end);
        try (PeerServer ours = PeerServer.metricStream(folder, OUR_PORT);
                PeerServer theirs = theirs()) {
            for (PeerServer server : List.of(ours, theirs)) {
                server.awaitReady();
                feed(fleet, server);
                server.restart();
            }
            long step = number("--step") * 1000L;
            long steps = (end - fleet.firstMillis()) / step + 1;
            System.out.println(
                    "| Query | Steps | MetricStream ms | VictoriaMetrics ms | Ratio | Its cache ms | Series |");
            System.out.println("|---|---|---|---|---|---|---|");
            for (PeerQuery query : PeerQuery.ALL) {
                if (query.name().contains(options.getOrDefault("--only", ""))) {
                    String range = query.range(fleet.firstMillis(), end, step);
                    Timing mine = time(ours, range);
                    print(query, steps, mine, time(theirs, range + "&nocache=1"), "" + time(theirs, range).millis);
                    String instant = query.instant(end);
                    print(query, 1, time(ours, instant), time(theirs, instant), "");
                }
            }
        }
    }

    private PeerServer theirs() throws IOException {
        return new PeerServer(
                "VictoriaMetrics",
                List.of(
                        "victoria-metrics",
                        "-storageDataPath=" + folder.resolve("victoria"),
                        "-httpListenAddr=127.0.0.1:" + THEIR_PORT,
                        "-retentionPeriod=100y",
                        "-search.maxUniqueTimeseries=2000000"),
                THEIR_PORT,
                "/health",
                folder.resolve("victoria.log"));
    }

    private void feed(PeerFleet fleet, PeerServer server) throws IOException {
        for (int point = 0; point < number("--points"); point += POINTS_A_BODY) {
            for (int host = 0; host < fleet.hosts(); host++) {
                server.post("/api/v1/import", fleet.lines(host, point, POINTS_A_BODY));
            }
        }
    }

    private record Timing(double millis, int series) {}

    /** The median time from a request to the last byte of its answer. */
    private Timing time(PeerServer server, String path) throws IOException {
        long warmUntil = System.nanoTime() + TimeUnit.SECONDS.toNanos(number("--warm-seconds"));
        for (int i = 0; i < number("--warm-up") || System.nanoTime() < warmUntil; i++) {
            byte[] unused = server.get(path);
        }
        var nanos = new long[number("--rounds")];
        byte[] answer = {};
        for (int i = 0; i < nanos.length; i++) {
            long began = System.nanoTime();
            answer = server.get(path);
            nanos[i] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        return new Timing(Math.round(nanos[nanos.length / 2] / NANOS_A_MILLI * 100) / 100.0, seriesIn(answer));
    }

    private static int seriesIn(byte[] answer) {
        int count = 0;
        for (int i = 0; i + SERIES_MARK.length <= answer.length; i++) {
            if (Arrays.equals(answer, i, i + SERIES_MARK.length, SERIES_MARK, 0, SERIES_MARK.length)) {
                count++;
            }
        }
        return count;
    }

    private static void print(PeerQuery query, long steps, Timing ours, Timing theirs, String cached) {
        String series = ours.series == theirs.series ? "" + ours.series : ours.series + " and " + theirs.series;
        System.out.printf(
                "| %s | %d | %.2f | %.2f | %.2f | %s | %s |%n",
                query.name(), steps, ours.millis, theirs.millis, ours.millis / theirs.millis, cached, series);
    }
}

package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A steady load of series that come and go, while retention drops as much as comes: heap, memory, files and disk stay as they
 * are.
 *
 * <p>Only with {@code -Dsoak.minutes=240}, which is how long each of the two takes; from ten on the days of the second have all been
 * there in the first third, which is passed over. Fails where a line through the rest rises too much.
 */
@EnabledIfSystemProperty(named = "soak.minutes", matches = "\\d+")
final class SoakIT {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long MINUTES = Long.getLong("soak.minutes", 10);
    private static final Duration DURATION = Duration.ofMinutes(MINUTES);
    private static final int REQUESTS_PER_SECOND = 40;
    private static final int SAMPLES_PER_REQUEST = 200;
    /** One host in ten gets another name after so long. */
    private static final Duration GENERATION = Duration.ofSeconds(10);

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
    /** How fast the time of samples goes where days have to pass. */
    private static final long DAY_IN_MILLIS = 4_000;

    private static final int DAYS = 25;
    private static final int HOSTS = 10;
    private static final int METRICS_OF_A_HOST = SAMPLES_PER_REQUEST / HOSTS;

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private final long startMillis = System.currentTimeMillis();

    /** What was looked at, and how much more of it there may be at the end of the run than in its middle. */
    private enum Kind {
        HEAP("live heap", 0.1, 4 << 20),
        RESIDENT("resident", 0.1, 16 << 20),
        FILES("open files", 0.1, 16),
        DISK("disk", 0.1, 2 << 20);

        private final String text;
        private final double share;
        private final double atLeast;

        Kind(String text, double share, double atLeast) {
            this.text = text;
            this.share = share;
            this.atLeast = atLeast;
        }
    }

    private record Point(double seconds, double value) {}

    /** When a sample of this moment is said to be. */
    private interface SampleTime {
        long at(long elapsedMillis);
    }

    @Test
    void staysFlatWhileSamplesGetTooOld() throws Exception {
        soak("retention.time", elapsed -> startMillis + elapsed, "retention.time=1m", "retention.size=0");
    }

    @Test
    void staysFlatWhileDaysAreTooMuch() throws Exception {
        soak(
                "retention.size",
                elapsed -> startMillis
                        - DAYS * DAY_MILLIS
                        + elapsed % (DAYS * DAY_IN_MILLIS) * (DAY_MILLIS / DAY_IN_MILLIS),
                "retention.time=30d",
                "retention.size=2MiB");
    }

    private void soak(String name, SampleTime time, String... settings) throws Exception {
        System.out.println("SoakIT: seed=" + SEED + ", " + name);
        Path data = folder.resolve("data");
        var options = new ArrayList<>(
                List.of("--rate-limit", "0", "--set", "head.max-bytes=1MiB", "--set", "wal.segment=1MiB"));
        for (String setting : settings) {
            options.addAll(List.of("--set", setting));
        }
        Map<Kind, List<Point>> points = new EnumMap<>(Kind.class);
        try (ServerProcess server = ServerProcess.start(
                        data, folder.resolve("server.log"), options.toArray(String[]::new))
                .awaitReady()) {
            long nanos = DURATION.toNanos();
            long start = System.nanoTime();
            long looks = 0;
            for (long sent = 0; System.nanoTime() - start < nanos; sent++) {
                long due = start + sent * TimeUnit.SECONDS.toNanos(1) / REQUESTS_PER_SECOND;
                LockSupport.parkNanos(due - System.nanoTime());
                long elapsedMillis = (System.nanoTime() - start) / 1_000_000;
                assertThat(server.post("/metrics", body(elapsedMillis, time)).statusCode())
                        .isEqualTo(200);
                if (System.nanoTime() - start > looks * nanos / 60) {
                    looks++;
                    look(server, data, (System.nanoTime() - start) / 1e9, points);
                }
            }
            System.out.println("SoakIT: " + name + ", dropped samples="
                    + (long) server.scrape("metricstream_store_dropped_samples_total") + ", merges="
                    + (long) server.scrape("metricstream_store_merges_total") + ", parts="
                    + (long) server.scrape("metricstream_store_parts"));
            assertThat(server.terminate()).isZero();
        }
        for (Kind kind : Kind.values()) {
            judge(name, kind, points.getOrDefault(kind, List.of()));
        }
    }

    /** Every host with its metrics; a tenth of the hosts is a new one every generation. */
    private String body(long elapsedMillis, SampleTime time) {
        var json = new StringBuilder("{\"metrics\":[");
        for (int i = 0; i < SAMPLES_PER_REQUEST; i++) {
            int host = i / METRICS_OF_A_HOST;
            long generation = host == 0 ? elapsedMillis / GENERATION.toMillis() : 0;
            json.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"soak_")
                    .append(i % METRICS_OF_A_HOST)
                    .append("\",\"value\":")
                    .append(random.nextInt(100_000) / 10.0)
                    .append(",\"timestamp\":")
                    .append(time.at(elapsedMillis))
                    .append(",\"tags\":{\"host\":\"")
                    .append(host)
                    .append('-')
                    .append(generation)
                    .append("\"}}");
        }
        return json.append("]}").toString();
    }

    private static void look(ServerProcess server, Path data, double seconds, Map<Kind, List<Point>> points)
            throws IOException {
        // Looking at what is alive collects the rest, so that memory is not what the collector has left for later.
        add(points, Kind.HEAP, seconds, server.liveHeapBytes());
        add(points, Kind.RESIDENT, seconds, server.residentBytes());
        add(points, Kind.FILES, seconds, server.openFiles());
        add(points, Kind.DISK, seconds, diskBytes(data));
    }

    private static void add(Map<Kind, List<Point>> points, Kind kind, double seconds, long value) {
        points.computeIfAbsent(kind, none -> new ArrayList<>()).add(new Point(seconds, value));
    }

    /** Files come and go meanwhile. */
    private static long diskBytes(Path data) throws IOException {
        long[] bytes = new long[1];
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes[0];
    }

    /** A line through all but the first third, by least squares. */
    private static void judge(String name, Kind kind, List<Point> all) {
        List<Point> points = all.subList(all.size() / 3, all.size());
        double meanTime = points.stream().mapToDouble(Point::seconds).average().orElse(0);
        double mean = points.stream().mapToDouble(Point::value).average().orElse(0);
        double covariance = 0;
        double variance = 0;
        for (Point point : points) {
            covariance += (point.seconds() - meanTime) * (point.value() - mean);
            variance += (point.seconds() - meanTime) * (point.seconds() - meanTime);
        }
        double span = points.get(points.size() - 1).seconds() - points.get(0).seconds();
        double rise = variance == 0 ? 0 : covariance / variance * span;
        System.out.println(String.format(
                Locale.ROOT,
                "SoakIT: %s, %s: mean=%,.0f, rise=%,.0f in %.0f s, points=%d",
                name,
                kind.text,
                mean,
                rise,
                span,
                points.size()));
        assertThat(rise).as("%s of %s", kind.text, name).isLessThan(Math.max(kind.atLeast, kind.share * mean));
    }
}

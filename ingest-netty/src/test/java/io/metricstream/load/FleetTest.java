package io.metricstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.SampleBatch;
import io.metricstream.parse.BodyFormat;
import io.metricstream.parse.MetricsParser;
import io.metricstream.parse.ParseLimits;
import io.metricstream.parse.ParseReport;
import io.metricstream.parse.ParseTrail;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class FleetTest {
    private static final long NOW = 1_763_900_000_000L;
    private static final int METRICS = FleetMetric.ALL.size();
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    /** A sample as a reader sees it. */
    private record Seen(String series, String type, double value, long timestamp) {}

    private static String body(Fleet fleet, int samples) {
        int length = fleet.write(samples);
        return new String(fleet.bytes(), 0, length, StandardCharsets.US_ASCII);
    }

    private static List<Seen> samples(Fleet fleet, int count) {
        List<Seen> all = new ArrayList<>();
        for (JsonNode metric : JsonMapper.shared().readTree(body(fleet, count)).path("metrics")) {
            all.add(new Seen(
                    metric.path("name").asString() + metric.path("tags"),
                    metric.path("type").asString(),
                    metric.path("value").asDouble(),
                    metric.path("timestamp").asLong()));
        }
        return all;
    }

    @Test
    void theParserTakesEverySample() {
        System.out.println("seed: " + SEED);
        var series = new SeriesTable(SeriesLimits.of(100_000, 1 << 24));
        var parser = new MetricsParser(ParseLimits.DEFAULT, () -> series, () -> NOW, 1 << 20);
        var batch = new SampleBatch();
        var report = new ParseReport();
        var fleet = new Fleet(new FleetPlan(7, SEED), 0, 1, () -> NOW);
        for (int count : new int[] {1, 2, METRICS, 1000, 9999}) {
            byte[] body = body(fleet, count).getBytes(StandardCharsets.US_ASCII);
            assertThat(parser.parse(body, 0, body.length, BodyFormat.JSON, new ParseTrail(), batch, report))
                    .as(report.message())
                    .isTrue();
            assertThat(report.accepted()).isEqualTo(count);
            assertThat(report.rejected()).isZero();
        }
    }

    @Test
    void theSameSeedMakesTheSameBytes() {
        var plan = new FleetPlan(50, SEED);
        Fleet one = new Fleet(plan, 0, 1, () -> NOW);
        Fleet other = new Fleet(plan, 0, 1, () -> NOW);
        for (int i = 0; i < 20; i++) {
            assertThat(body(one, 997)).isEqualTo(body(other, 997));
        }
        Fleet different = new Fleet(new FleetPlan(50, SEED + 1), 0, 1, () -> NOW);
        assertThat(body(different, 997)).isNotEqualTo(body(new Fleet(plan, 0, 1, () -> NOW), 997));
    }

    @Test
    void partsOfAFleetMakeWhatTheWholeMakes() {
        var plan = new FleetPlan(5, SEED);
        Set<Seen> whole = new HashSet<>(samples(new Fleet(plan, 0, 1, () -> NOW), 5 * METRICS * 3));
        Set<Seen> parts = new HashSet<>(samples(new Fleet(plan, 0, 2, () -> NOW), 3 * METRICS * 3));
        parts.addAll(samples(new Fleet(plan, 1, 2, () -> NOW), 2 * METRICS * 3));
        assertThat(parts).isEqualTo(whole).hasSize(5 * METRICS * 3);
    }

    @Test
    void everyHostHasEveryMetricAndTheTagsOfAFleet() {
        var plan = new FleetPlan(40, SEED);
        Set<String> series = new HashSet<>();
        Set<String> keys = new TreeSet<>();
        for (JsonNode metric : JsonMapper.shared()
                .readTree(body(new Fleet(plan, 0, 1, () -> NOW), 3 * 40 * METRICS))
                .path("metrics")) {
            series.add(metric.path("name").asString() + metric.path("tags"));
            keys.addAll(metric.path("tags").propertyNames());
        }
        assertThat(series).hasSize(40 * METRICS);
        assertThat(plan.series()).isEqualTo(40L * METRICS);
        assertThat(keys).containsExactly("device", "host", "interface", "region", "service", "zone");
    }

    @Test
    void countersNeverFallAndGaugesStayInTheirRange() {
        Map<String, Double> last = new HashMap<>();
        Set<String> moved = new HashSet<>();
        Fleet fleet = new Fleet(new FleetPlan(3, SEED), 0, 1, () -> NOW);
        for (Seen sample : samples(fleet, 3 * METRICS * 2000)) {
            Double before = last.put(sample.series(), sample.value());
            if (before != null && before != sample.value()) {
                moved.add(sample.series());
            }
            if (before != null && sample.type().equals("counter")) {
                assertThat(sample.value()).as(sample.series()).isGreaterThanOrEqualTo(before);
            }
            if (sample.series().contains("percent")) {
                assertThat(sample.value()).isBetween(0.0, 100.0);
            }
            assertThat(sample.value()).as(sample.series()).isNotNegative();
        }
        assertThat(last).hasSize(3 * METRICS);
        // Two of a host's series are constants, and errors on the network are too rare to be sure of.
        assertThat(moved).hasSizeBetween(3 * (METRICS - 3), 3 * (METRICS - 2));
    }

    @Test
    void noSeriesHasATimeTwice() {
        var clock = new AtomicLong(NOW);
        Fleet fleet = new Fleet(new FleetPlan(2, SEED), 0, 1, clock::get);
        Set<String> seen = new HashSet<>();
        int count = 0;
        for (int i = 0; i < 300; i++) {
            clock.addAndGet(i % 3);
            for (Seen sample : samples(fleet, 33)) {
                seen.add(sample.series() + sample.timestamp());
                count++;
            }
        }
        assertThat(seen).hasSize(count);
    }

    @Test
    void timesFollowTheClockAndNeverRunAheadTooFar() {
        var clock = new AtomicLong(NOW);
        Fleet fleet = new Fleet(new FleetPlan(1, SEED), 0, 1, clock::get);
        assertThat(samples(fleet, METRICS)).allMatch(sample -> sample.timestamp() == NOW);
        clock.set(NOW + 10_000);
        assertThat(samples(fleet, METRICS)).allMatch(sample -> sample.timestamp() == NOW + 10_000);
        for (int i = 0; i < 310; i++) {
            fleet.write(1000 * METRICS);
        }
        assertThat(samples(fleet, METRICS))
                .allMatch(sample -> sample.timestamp() == NOW + 10_000 + Fleet.MOST_AHEAD_MILLIS);
    }
}

package io.metricstream.storage.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Merging and deleting against plain maps, over random series, runs and overlaps. */
final class MergeTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    static {
        System.out.println("MergeTest: seed=" + SEED);
    }

    private final Random random = new Random(SEED);

    private NavigableMap<Labels, NavigableMap<Long, Double>> randomSeries() {
        var all = new TreeMap<Labels, NavigableMap<Long, Double>>();
        for (int i = random.nextInt(6); i > 0; i--) {
            var samples = new TreeMap<Long, Double>();
            long base = random.nextInt(3) * 100L;
            for (int n = 1 + random.nextInt(60); n > 0; n--) {
                samples.put(randomTime(base), (double) random.nextInt(1000));
            }
            all.put(Labels.of(Labels.NAME, "m" + random.nextInt(3), "host", "h" + random.nextInt(3)), samples);
        }
        return all;
    }

    private long randomTime(long base) {
        return switch (random.nextInt(60)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> Long.MIN_VALUE;
            default -> base + random.nextInt(150);
        };
    }

    /** Reads all of a cursor, with or without decoding every run. */
    private NavigableMap<Labels, NavigableMap<Long, Double>> read(SeriesCursor cursor) throws StorageFailure {
        var all = new TreeMap<Labels, NavigableMap<Long, Double>>();
        Labels before = null;
        while (cursor.next()) {
            if (before != null) {
                assertThat(cursor.labels()).isGreaterThan(before);
            }
            before = cursor.labels();
            var samples = new TreeMap<Long, Double>();
            SampleRuns runs = cursor.samples();
            if (random.nextInt(4) == 0) {
                for (int left = random.nextInt(3); left > 0 && runs.next(); left--) {
                    assertThat(runs.values().length).isPositive();
                }
                runs = cursor.samples();
            }
            while (runs.next()) {
                long[] times = runs.timestampsMillis();
                double[] values = runs.values();
                assertThat(runs.firstMillis()).isEqualTo(times[0]);
                assertThat(runs.lastMillis()).isEqualTo(times[runs.count() - 1]);
                double sum = 0;
                for (int i = 0; i < runs.count(); i++) {
                    assertThat(samples.isEmpty() || samples.lastKey() < times[i])
                            .isTrue();
                    samples.put(times[i], values[i]);
                    sum += values[i];
                }
                if (runs.isSummarized()) {
                    assertThat(runs.sum()).isEqualTo(sum);
                }
            }
            assertThat(samples).isNotEmpty();
            all.put(cursor.labels(), samples);
        }
        cursor.close();
        return all;
    }

    @Test
    void theNewestSourceWinsAndNoSampleIsLostOrInvented() throws StorageFailure {
        for (int round = 0; round < 3000; round++) {
            var wanted = new TreeMap<Labels, NavigableMap<Long, Double>>();
            var oldestFirst = new ArrayList<NavigableMap<Labels, NavigableMap<Long, Double>>>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                NavigableMap<Labels, NavigableMap<Long, Double>> source = randomSeries();
                oldestFirst.add(source);
                source.forEach((labels, samples) ->
                        wanted.computeIfAbsent(labels, l -> new TreeMap<>()).putAll(samples));
            }
            var cursors = new ArrayList<SeriesCursor>();
            for (int i = oldestFirst.size() - 1; i >= 0; i--) {
                cursors.add(new ListedSeries(oldestFirst.get(i), random));
            }
            assertThat(read(MergedCursor.of(cursors))).isEqualTo(wanted);
            assertThat(cursors).allMatch(cursor -> ((ListedSeries) cursor).closed);
        }
    }

    @Test
    void whatADeletionCoversIsGoneAndNothingElse() throws StorageFailure {
        for (int round = 0; round < 3000; round++) {
            NavigableMap<Labels, NavigableMap<Long, Double>> source = randomSeries();
            var deletions = new ArrayList<Deletion>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                long from = randomTime(0);
                long to = random.nextBoolean() ? from : Math.max(from, randomTime(100));
                deletions.add(new Deletion(
                        i + 1,
                        List.of(new Matcher(
                                "host", List.of(MatchOp.values()).get(random.nextInt(4)), "h" + random.nextInt(3))),
                        from,
                        to,
                        0));
            }
            var wanted = new TreeMap<Labels, NavigableMap<Long, Double>>();
            source.forEach((labels, samples) -> {
                var kept = new TreeMap<>(samples);
                kept.keySet()
                        .removeIf(time -> deletions.stream().anyMatch(d -> d.covers(labels) && d.touches(time, time)));
                if (!kept.isEmpty()) {
                    wanted.put(labels, kept);
                }
            });
            assertThat(read(DeletedCursor.of(new ListedSeries(source, random), deletions)))
                    .isEqualTo(wanted);
        }
    }
}

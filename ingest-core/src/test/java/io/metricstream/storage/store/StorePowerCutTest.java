package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Cancellation;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.FrozenList;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.Memtable;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import io.metricstream.storage.merge.Deletion;
import io.metricstream.storage.wal.Checkpoint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Cuts the power at every change that flushing, merging, deleting and retention make on the disk. The log is assumed to have kept
 * everything; the store must then answer as if nothing had happened, but for a deletion that was not answered yet.
 */
final class StorePowerCutTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final Path DATA = Path.of("/data");
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final Duration RETENTION = Duration.ofDays(20);
    private static final int ROUNDS = 6;
    private static final int OUTCOMES = 3;

    private final SplittableRandom random = new SplittableRandom(SEED);

    /** One record of the log. */
    private record Batch(List<Sample> samples) {}

    private record Sample(int host, long timestampMillis, double value) {}

    /** What outlives the process besides the disk: the log, and what the client was told. */
    private static final class Outside {
        final List<Batch> log = new ArrayList<>();
        final List<Deletion> answered = new ArrayList<>();
        Deletion unanswered;
        final AtomicLong nowMillis = new AtomicLong(20_000 * DAY);
        int partsBeforeRetention;

        /** What a client must see, with these deletions. */
        Map<Labels, Map<Long, Double>> expected(List<Deletion> deletions) {
            var all = new TreeMap<Labels, Map<Long, Double>>();
            for (int sequence = 0; sequence < log.size(); sequence++) {
                for (Sample sample : log.get(sequence).samples()) {
                    all.computeIfAbsent(labels(sample.host()), any -> new TreeMap<>())
                            .put(sample.timestampMillis(), sample.value());
                }
                for (Deletion deletion : deletions) {
                    if (deletion.sequence() == sequence) {
                        all.forEach((labels, samples) -> samples.keySet()
                                .removeIf(time -> deletion.covers(labels) && deletion.touches(time, time)));
                    }
                }
            }
            all.values().forEach(samples -> samples.keySet().removeIf(time -> time < earliestMillis()));
            all.values().removeIf(Map::isEmpty);
            return all;
        }

        private long earliestMillis() {
            return nowMillis.get() - RETENTION.toMillis();
        }
    }

    /** The parts of a store, driven by the test's own thread. */
    private static final class Life {
        final CrashingDisk disk;
        final Outside outside;
        final FrozenList sink = new FrozenList();
        final Head head;
        final PartSet set;
        final Flusher flusher;
        final Compactor compactor;
        final Reader reader;

        Life(CrashingDisk disk, Outside outside) throws StorageFailure {
            this.disk = disk;
            this.outside = outside;
            var files = new PartFiles(disk, DATA, outside.nowMillis::get);
            Deletions deletions = files.loadDeletions();
            PartFiles.Opened opened = files.openAll();
            assertThat(opened.quarantined()).isEmpty();
            var config = new StoreConfig(RETENTION, 0, 0, false);
            var edge = new RetentionEdge(outside.nowMillis::get, config.retention());
            set = new PartSet(disk, DATA, files, opened.parts(), deletions);
            flusher = new Flusher(disk, files, set, edge, DAY);
            head = new Head(
                    new HeadConfig(8 << 20, Duration.ofHours(2), SeriesLimits.of(100, 4 << 20)),
                    sink,
                    outside.nowMillis::get);
            var stats = new StoreStats(new SimpleMeterRegistry(), set, 0);
            var damaged = new DamagedParts(false, stats, () -> {});
            reader = new Reader(head::acquire, set, edge, damaged);
            var tools = new Compactor.Tools(
                    new Merger(disk, files, set, edge, damaged, new Cancellation()),
                    new Rescuer(disk, DATA, files, set, stats),
                    damaged);
            compactor = new Compactor(set, tools, config, edge, stats, head::flushedUpTo);
            replay(deletions);
        }

        private void replay(Deletions deletions) throws StorageFailure {
            long flushed = Checkpoint.read(disk, DATA).sequence();
            head.startAt(flushed + 1);
            long[] cuts = deletions.all().stream().mapToLong(Deletion::sequence).toArray();
            for (int sequence = (int) flushed + 1; sequence < outside.log.size(); sequence++) {
                apply(sequence);
                if (Arrays.binarySearch(cuts, sequence) >= 0) {
                    assertThat(head.tryFreeze()).isTrue();
                }
            }
        }

        void write(Batch batch) throws StorageFailure {
            outside.log.add(batch);
            apply(outside.log.size() - 1);
        }

        private void apply(int sequence) throws StorageFailure {
            List<Sample> samples = outside.log.get(sequence).samples();
            int[] refs =
                    samples.stream().mapToInt(sample -> refOf(sample.host())).toArray();
            long[] times = samples.stream().mapToLong(Sample::timestampMillis).toArray();
            double[] values = samples.stream().mapToDouble(Sample::value).toArray();
            head.append(refs, times, values, refs.length);
            assertThat(head.onApplied(sequence + 1)).isFalse();
        }

        private int refOf(int host) {
            SeriesTable series = head.series();
            byte[] key = SeriesKey.of(MetricType.GAUGE, "m", Map.of("host", "h" + host));
            long hash = SeriesKey.hash(key, 0, key.length);
            int ref = series.find(key, 0, key.length, hash);
            return ref >= 0 ? ref : series.add(key, 0, key.length, hash);
        }

        void flush() throws StorageFailure {
            assertThat(head.tryFreeze()).isTrue();
            for (Memtable frozen = sink.oldest(); frozen != null; frozen = sink.oldest()) {
                flusher.flush(frozen);
                new Checkpoint(frozen.lastSequence(), 1).write(disk, DATA);
                sink.flushOldest(head);
            }
        }

        void delete(int host, long fromMillis) throws StorageFailure {
            assertThat(head.tryFreeze()).isTrue();
            long sequence = head.frozenUpTo();
            set.delete(List.of(id -> {
                var deletion = new Deletion(
                        id, List.of(Matcher.equal("host", "h" + host)), fromMillis, Long.MAX_VALUE, sequence);
                outside.unanswered = deletion;
                return deletion;
            }));
            outside.answered.add(outside.unanswered);
            outside.unanswered = null;
        }

        void compact() throws StorageFailure {
            while (compactor.step()) {
                // One more.
            }
        }

        Map<Labels, Map<Long, Double>> found() throws StorageFailure {
            var all = new TreeMap<Labels, Map<Long, Double>>();
            try (SeriesCursor cursor = reader.select(Selection.ALL)) {
                while (cursor.next()) {
                    var samples = new TreeMap<Long, Double>();
                    SampleRuns runs = cursor.samples();
                    while (runs.next()) {
                        for (int i = 0; i < runs.count(); i++) {
                            samples.put(runs.timestampsMillis()[i], runs.values()[i]);
                        }
                    }
                    all.put(cursor.labels(), samples);
                }
            }
            return all;
        }
    }

    private static Labels labels(int host) {
        return Labels.of(Labels.NAME, "m", "host", "h" + host);
    }

    /** Few series and times, so that much is written twice, over two days. */
    private static Batch batch(SplittableRandom random, Outside outside) {
        var samples = new ArrayList<Sample>();
        for (int i = 0; i < 20; i++) {
            long time = 20_000 * DAY - random.nextInt(2) * DAY + random.nextInt(30) * 1000L;
            samples.add(new Sample(random.nextInt(4), time, outside.log.size() * 1000.0 + i));
        }
        return new Batch(samples);
    }

    /** The same work each time. */
    private static void live(CrashingDisk disk, Outside outside) {
        var work = new SplittableRandom(SEED);
        try {
            var life = new Life(disk, outside);
            for (int round = 0; round < ROUNDS; round++) {
                life.write(batch(work, outside));
                life.write(batch(work, outside));
                if (round % 2 == 1) {
                    life.delete(work.nextInt(4), 20_000 * DAY + work.nextInt(20) * 1000L - DAY);
                    life.write(batch(work, outside));
                }
                if (round != 3) {
                    life.flush();
                }
                life.compact();
            }
            // Both days are over, and each becomes one part.
            outside.nowMillis.addAndGet(2 * DAY);
            life.compact();
            outside.partsBeforeRetention = life.set.parts().size();
            life.write(batch(work, outside));
            // The first of the two is over the retention: its part goes, and memory has samples that are too old.
            outside.nowMillis.set(20_000 * DAY + RETENTION.toMillis() - DAY / 2);
            life.compact();
            life.write(batch(work, outside));
            life.flush();
        } catch (StorageFailure powerCut) {
            assertThat(disk.isOff()).as(powerCut.getMessage()).isTrue();
        }
    }

    private static void check(CrashingDisk disk, Outside outside, String when) throws StorageFailure {
        var life = new Life(disk, outside);
        var answered = new ArrayList<>(outside.answered);
        Map<Labels, Map<Long, Double>> found = life.found();
        if (outside.unanswered != null && !found.equals(outside.expected(answered))) {
            answered.add(outside.unanswered);
        }
        Map<Labels, Map<Long, Double>> expected = outside.expected(answered);
        assertThat(found).as(when).isEqualTo(expected);
        life.flush();
        assertThat(life.found()).as("after a flush, " + when).isEqualTo(expected);
        life.compact();
        assertThat(life.found()).as("after a merge, " + when).isEqualTo(expected);
        life.set.close();
        var next = new Life(disk.afterKill(), outside);
        assertThat(next.found()).as("after one more start, " + when).isEqualTo(expected);
        assertThat(disk.files().keySet()).as(when).noneMatch(path -> path.toString()
                .endsWith(".part.tmp"));
    }

    @Test
    void answersAsIfNothingHadHappenedWhereverThePowerGoes() throws Exception {
        System.out.println("StorePowerCutTest: -Dseed=" + SEED);
        var whole = new CrashingDisk(DATA);
        var wholeOutside = new Outside();
        live(whole, wholeOutside);
        assertThat(wholeOutside.answered).hasSize(ROUNDS / 2);
        assertThat(wholeOutside.partsBeforeRetention)
                .as("one part for each day")
                .isEqualTo(2);
        assertThat(whole.files().keySet().stream().filter(PartFiles::isPart))
                .as("those of the second day")
                .hasSize(2)
                .allMatch(path -> path.toString().contains("2024-10-04"));
        long changes = whole.changes();
        check(whole.afterKill(), wholeOutside, "without a power cut");
        for (long cut = 1; cut <= changes; cut++) {
            var disk = new CrashingDisk(DATA);
            disk.cutPowerAt(cut);
            var outside = new Outside();
            live(disk, outside);
            assertThat(disk.isOff()).isTrue();
            for (int outcome = 0; outcome < OUTCOMES; outcome++) {
                String when = "power cut at change " + cut + " of " + changes + ", outcome " + outcome;
                check(disk.afterPowerCut(random), outside, when);
            }
        }
        System.out.println("StorePowerCutTest: changes=" + changes);
    }
}

package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.Matcher;
import io.metricstream.select.Queryable;
import io.metricstream.select.Question;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.Disk;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import io.metricstream.storage.part.Part;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts that turn out to be damaged while a store uses them: nothing but what is damaged is lost, and all of it is told. */
final class StoreDamageTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long NOW = 100 * DAY + DAY / 2;
    private static final int HOSTS = 20;

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    /** Host and time, with the value. */
    private final Map<String, Double> written = new HashMap<>();

    private Store store;
    private Head head;
    private long sequence;

    StoreDamageTest() {
        System.out.println("StoreDamageTest: seed=" + SEED);
    }

    private void open(Disk disk, boolean skipsDamaged) throws StorageFailure {
        var place = new Store.Place(disk, folder, () -> NOW, NanoClock.system(), registry);
        store = Store.open(place, new StoreConfig(StoreConfig.FOREVER, 0, 0, skipsDamaged));
        head = new Head(
                new HeadConfig(64 << 20, Duration.ofHours(2), SeriesLimits.of(1000, 4 << 20)),
                store,
                NanoClock.system());
        store.start(head, -1, flushed -> {});
        head.startAt(0);
    }

    @AfterEach
    void close() throws InterruptedException {
        assertThat(store.close(Duration.ofSeconds(30))).isTrue();
    }

    /** Makes a part of values that cannot be compressed, so that it has many pages, at times of their own. */
    private void writePart(long fromMillis, int samplesOfAHost) throws Exception {
        int[] refs = new int[HOSTS];
        long[] times = new long[HOSTS];
        double[] values = new double[HOSTS];
        for (int i = 0; i < samplesOfAHost; i++) {
            for (int host = 0; host < HOSTS; host++) {
                refs[host] = refOf(host);
                times[host] = fromMillis + i * 1000L;
                values[host] = random.nextDouble();
                written.put("h" + host + "@" + times[host], values[host]);
            }
            head.append(refs, times, values, HOSTS);
            assertThat(head.onApplied(++sequence)).isFalse();
        }
        int before = (int) flushes();
        await(head::tryFreeze);
        await(() -> flushes() > before);
    }

    private double flushes() {
        return registry.counter("metricstream.store.flushes").count();
    }

    private double count(String name) {
        return registry.counter("metricstream.store." + name).count();
    }

    private int refOf(int host) {
        SeriesTable series = head.series();
        byte[] key = SeriesKey.of(MetricType.GAUGE, "m", Map.of("host", "h" + host));
        long hash = SeriesKey.hash(key, 0, key.length);
        int ref = series.find(key, 0, key.length, hash);
        return ref >= 0 ? ref : series.add(key, 0, key.length, hash);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("seed=" + SEED).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static Map<String, Double> read(Queryable from, Selection selection) throws StorageFailure {
        var found = new HashMap<String, Double>();
        try (SeriesCursor cursor = from.select(selection)) {
            while (cursor.next()) {
                String host = cursor.labels().get("host");
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    for (int i = 0; i < runs.count(); i++) {
                        found.put(host + "@" + runs.timestampsMillis()[i], runs.values()[i]);
                    }
                }
            }
        }
        return found;
    }

    private List<Path> parts() throws IOException {
        return files("parts");
    }

    private List<Path> files(String name) throws IOException {
        Path in = folder.resolve(name);
        if (!Files.exists(in)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(in)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void flip(Path file, double at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (bytes.length * at)] ^= 0x10;
        Files.write(file, bytes);
    }

    /** Whether a part is opened, but this is not found in it. Asked of the file, for the store knows what it read before. */
    private static boolean cannotBeLookedUp(Path file, Selection selection) throws StorageFailure {
        try (Part part = Part.open(new RealDisk(), file)) {
            try (SeriesCursor cursor = part.select(selection)) {
                return !cursor.next();
            } catch (StorageFailure.Corrupt damaged) {
                return true;
            }
        } catch (StorageFailure.Corrupt unreadable) {
            return false;
        }
    }

    /** All that is there was written, and no more is missing than the part lost. */
    private void isLeft(Map<String, Double> found, long lost) {
        assertThat(written).as("seed=" + SEED).containsAllEntriesOf(found);
        assertThat(written).hasSize(found.size() + (int) lost);
    }

    @Test
    void failsTheQuestionThatMeetsDamageAndSetsThePartAside() throws Exception {
        open(new RealDisk(), false);
        writePart(NOW - 3 * DAY, 100);
        writePart(NOW - DAY, 2000);
        Path part = parts().get(1);
        flip(part, 0.4);
        assertThatThrownBy(() -> read(store, Selection.ALL))
                .isInstanceOf(StorageFailure.Corrupt.class)
                .hasMessageContaining(part.toString());
        assertThat(read(store, new Selection(List.of(), 0, NOW - 2 * DAY))).hasSize(100 * HOSTS);
        await(() -> count("lost.samples") > 0);
        long lost = (long) count("lost.samples");
        assertThat(lost).isLessThan(2000 * HOSTS / 2);
        isLeft(read(store, Selection.ALL), lost);
        assertThat(files("quarantine")).singleElement().satisfies(file -> assertThat(file.toString())
                .endsWith(part.getFileName().toString()));
        assertThat(count("damaged.parts")).isEqualTo(1);
        assertThat(count("skipped")).isZero();
    }

    @Test
    void answersWithoutWhatIsDamagedWhereThatIsWanted() throws Exception {
        open(new RealDisk(), true);
        writePart(NOW - DAY, 2000);
        flip(parts().get(0), 0.4);
        Question question = store.ask();
        Map<String, Double> found = read(question, Selection.ALL);
        assertThat(question.warnings())
                .singleElement()
                .asString()
                .contains(parts().get(0).toString(), "checksum");
        isLeft(found, written.size() - found.size());
        assertThat(found.size()).isBetween(1000 * HOSTS, 2000 * HOSTS - 1);
        await(() -> count("lost.samples") > 0);
        assertThat(count("lost.samples")).isEqualTo(written.size() - found.size());
        Question later = store.ask();
        assertThat(read(later, Selection.ALL)).isEqualTo(found);
        assertThat(later.warnings()).isEmpty();
        assertThat(count("skipped")).isPositive();
    }

    @Test
    void mergesWhatIsLeftWhereOnePartIsDamaged() throws Exception {
        open(new RealDisk(), false);
        writePart(NOW - 10_000_000, 1000);
        writePart(NOW - 9_000_000, 1000);
        writePart(NOW - 8_000_000, 1000);
        flip(parts().get(1), 0.5);
        // No part is larger than all newer ones together, so all four are merged.
        writePart(NOW - 7_000_000, 1100);
        await(() -> count("merges") > 0);
        assertThat(parts()).hasSize(1);
        long lost = (long) count("lost.samples");
        assertThat(lost).isBetween(1L, 1000L * HOSTS - 1);
        isLeft(read(store, Selection.ALL), lost);
    }

    @Test
    void setsAsideAPartOfWhichNothingCanBeRead() throws Exception {
        open(new RealDisk(), false);
        writePart(NOW - 3 * DAY, 100);
        writePart(NOW - DAY, 100);
        Path part = parts().get(1);
        Files.write(part, new byte[(int) Files.size(part)]);
        assertThatThrownBy(() -> read(store, Selection.ALL)).isInstanceOf(StorageFailure.Corrupt.class);
        await(() -> count("lost.samples") > 0);
        isLeft(read(store, Selection.ALL), 100 * HOSTS);
        assertThat(part).doesNotExist();
        assertThat(files("quarantine")).hasSize(1);
    }

    @Test
    void losesNothingWhereOnlyTheIndexIsDamaged() throws Exception {
        open(new RealDisk(), true);
        writePart(NOW - DAY, 100);
        Path part = parts().get(0);
        var one = new Selection(List.of(Matcher.equal("host", "h3")), 0, NOW);
        // From the end come the contents, which are in memory by now, then the index.
        boolean found = false;
        for (long at = Files.size(part) - 4; !found; at -= 8) {
            flip(part, (at + 0.5) / Files.size(part));
            found = cannotBeLookedUp(part, one);
            if (!found) {
                flip(part, (at + 0.5) / Files.size(part));
            }
        }
        Question question = store.ask();
        var unused = read(question, one);
        assertThat(question.warnings()).isNotEmpty();
        await(() -> !files("quarantine").isEmpty()
                && store.ask().labelValues("host", one, 9).size() == 1);
        assertThat(read(store, one)).hasSize(100);
        assertThat(read(store, Selection.ALL)).isEqualTo(written);
        assertThat(count("lost.samples")).isZero();
        assertThat(store.labelNames(Selection.ALL, 9)).containsExactly(Labels.NAME, "host");
    }

    @Test
    void readsAPartAgainBeforeItIsSetAside() throws Exception {
        var disk = new CrashingDisk(folder);
        open(disk, false);
        writePart(NOW - DAY, 200);
        disk.fail(CrashingDisk.Call.READ, ".part");
        assertThatThrownBy(() -> read(store, Selection.ALL)).hasMessageContainingAll("cannot be read", ".part");
        await(() -> count("damaged.parts") > 0);
        await(() -> {
            try {
                return read(store, Selection.ALL).equals(written);
            } catch (StorageFailure.Corrupt again) {
                return false;
            }
        });
        assertThat(disk.files().keySet()).noneMatch(path -> path.toString().contains("quarantine"));
    }
}

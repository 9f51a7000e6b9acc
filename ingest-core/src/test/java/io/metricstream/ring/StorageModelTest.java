package io.metricstream.ring;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.Sequence;
import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.SameThreadExecutor;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.HeadReplay;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.store.Store;
import io.metricstream.storage.store.StoreConfig;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.Wal;
import io.metricstream.storage.wal.WalConfig;
import io.metricstream.storage.wal.WalRecovery;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * The log, memory and parts as the server wires them, against a sorted map: random writes, deletions, series that stop and
 * are forgotten, flushes and merges, stops, kills and power cuts, a retention that changes, a checkpoint that is damaged or
 * gone. {@code -Dmodel.seconds=3600} makes an hour of it, {@code -Dseed} begins with the same numbers; the store's threads
 * run as they like.
 */
final class StorageModelTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long SECONDS = Long.getLong("model.seconds", 6);
    private static final Path DATA = Path.of("/data");
    private static final Path CHECKPOINT = DATA.resolve("checkpoint");
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int[] RETENTION_DAYS = {5, 20, 100};
    private static final int MAX_SERIES = 300;
    /** A millisecond apart, for a flusher that is busy. */
    private static final int MOST_TRIES = 30_000;

    private final Random random = new Random(SEED);
    private final AtomicLong nowMillis = new AtomicLong(20_000 * DAY);
    /** What was acknowledged and not deleted, however old. */
    private final TreeMap<Labels, TreeMap<Long, Long>> model = new TreeMap<>();

    /** What was acknowledged and deleted. */
    private final TreeMap<Labels, TreeMap<Long, Long>> deleted = new TreeMap<>();

    private CrashingDisk disk = new CrashingDisk(DATA);
    private Duration retention = Duration.ofDays(20);
    /** What was older than this once may be gone, or may be found again where the retention was made longer. */
    private long mayBeGoneMillis = Long.MIN_VALUE;

    private int firstHost;
    private Life life;
    private String lastStart = "the first start";
    private int kills;
    private int refused;
    /** A different one for each sample, which tells them apart. */
    private int value;

    /** One process: what the server opens, in its order. */
    private final class Life {
        final Store store;
        final LogRetention logRetention;
        final Head head;
        final Wal log;
        final WriteRing ring;
        final DiskWriter writer;
        final TestLoop loop = new TestLoop(0);
        final Sequence taken = new Sequence();

        Life() throws StorageFailure {
            var registry = new SimpleMeterRegistry();
            NanoClock clock = () -> nowMillis.get() * 1_000_000;
            var place = new Store.Place(disk, DATA, nowMillis::get, NanoClock.system(), registry);
            store = Store.open(place, new StoreConfig(retention, 0, 0, false));
            logRetention = LogRetention.open(disk, DATA);
            logRetention.onUsed(store.lastSequence());
            var memory = new HeadConfig(1 << 20, Duration.ofHours(2), SeriesLimits.of(MAX_SERIES, 1 << 20));
            head = new Head(memory, store, clock);
            long flushed = logRetention.checkpoint().sequence();
            store.start(head, flushed, logRetention::onFlushed);
            var replay = new HeadReplay(head, flushed, store.deletionSequences());
            WalRecovery.Recovered recovered = new WalRecovery(disk, DATA, logRetention)
                    .open(
                            new WalConfig(Durability.FSYNC, 64 << 10, 0),
                            replay,
                            (done, total) -> {},
                            new SameThreadExecutor(),
                            clock);
            log = recovered.log();
            replay.finish(log.durablePosition().sequence());
            var config = new RingConfig(64, 1 << 20, Duration.ofSeconds(10));
            var pace = new GroupPace(clock);
            ring = new WriteRing(config, new ParkingWait(pace, 1));
            var status = new WriterStatus(clock, config.stallAfter(), log.durablePosition());
            writer = new DiskWriter(ring, log, head, status, new WriterMeters(registry, ring, status), pace, clock);
            ring.buffer().addGatingSequences(taken);
            writer.onStart();
        }

        void run() {
            long last = ring.buffer().getCursor();
            for (long next = taken.get() + 1; next <= last; next++) {
                writer.onEvent(ring.buffer().get(next), next, next == last);
                taken.set(next);
            }
        }

        WriteRequest write(List<Written> samples) throws InterruptedException {
            var request = new WriteRequest(loop, done -> {});
            request.batch().begin(head.series());
            for (Written sample : samples) {
                byte[] key = SeriesKey.of(MetricType.GAUGE, "m", Map.of("host", sample.host()));
                long hash = SeriesKey.hash(key, 0, key.length);
                int ref = head.series().find(key, 0, key.length, hash);
                request.batch()
                        .add(
                                ref >= 0 ? ref : request.batch().addNewSeries(key, 0, key.length, hash),
                                sample.time(),
                                sample.value());
            }
            assertThat(ring.tryPublish(request)).isTrue();
            run();
            return loop.await();
        }

        /** As a deletion and a snapshot do it; the last record in what was frozen. */
        long freeze() {
            for (int tries = 0; tries < MOST_TRIES; tries++) {
                var request = new FreezeRequest();
                assertThat(ring.tryPublish(request)).isTrue();
                run();
                OptionalLong frozen = request.frozenUpTo().join();
                if (frozen.isPresent()) {
                    return frozen.getAsLong();
                }
                LockSupport.parkNanos(1_000_000);
            }
            throw new AssertionError("memory could not be frozen: seed=" + SEED + ", after " + lastStart);
        }

        void stop() throws Exception {
            writer.onShutdown();
            assertThat(store.close(Duration.ofSeconds(30))).isTrue();
            logRetention.onClosed(head.flushedUpTo(), log.durablePosition());
        }

        /** What is left of a process that was killed works on a disk that nobody has any more. */
        void bury() throws InterruptedException {
            boolean unused = store.close(Duration.ZERO);
        }
    }

    private record Written(String host, long time, double value) {}

    private static Labels labels(String host) {
        return Labels.of(Labels.NAME, "m", "host", host);
    }

    @Test
    void answersAsASortedMapWouldWhateverHappens() throws Exception {
        System.out.println("StorageModelTest: seed=" + SEED);
        life = new Life();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int steps = 0;
        while (System.nanoTime() < end) {
            step();
            steps++;
        }
        check();
        life.stop();
        System.out.println("StorageModelTest: steps=" + steps + ", kills=" + kills + ", refused-samples=" + refused);
    }

    private void step() throws Exception {
        int dice = random.nextInt(1000);
        if (dice < 750) {
            write();
        } else if (dice < 850) {
            long unused = life.freeze();
        } else if (dice < 900) {
            pass(random.nextInt(12) * MINUTE);
        } else if (dice < 905) {
            pass(random.nextInt((int) (DAY / MINUTE)) * MINUTE);
        } else if (dice < 925) {
            delete();
        } else if (dice < 965) {
            check();
        } else {
            restart();
        }
    }

    /** With the time, hosts go and others come. */
    private void pass(long millis) {
        nowMillis.addAndGet(millis);
        firstHost += random.nextInt(20);
        mayBeGoneMillis = Math.max(mayBeGoneMillis, earliestMillis());
    }

    private long earliestMillis() {
        return nowMillis.get() - retention.toMillis();
    }

    private void write() throws InterruptedException {
        var samples = new ArrayList<Written>();
        for (int n = 1 + random.nextInt(100); n > 0; n--) {
            long most = retention.toMillis() - DAY;
            long ago = random.nextInt(4) == 0 ? random.nextLong(most) : random.nextInt(3_600_000);
            long time = (nowMillis.get() - ago) / 1000 * 1000;
            samples.add(new Written("h" + (firstHost + random.nextInt(50)), time, ++value));
        }
        WriteRequest request = life.write(samples);
        for (int i = 0; i < MOST_TRIES && request.outcome() == WriteOutcome.FLUSH_BEHIND; i++) {
            LockSupport.parkNanos(1_000_000);
            request = life.write(samples);
        }
        assertThat(request.outcome()).as("seed=%d", SEED).isEqualTo(WriteOutcome.STORED);
        for (int i = 0; i < samples.size(); i++) {
            Written sample = samples.get(i);
            if (request.batch().refs()[i] < 0) {
                refused++;
            } else {
                model.computeIfAbsent(labels(sample.host()), any -> new TreeMap<>())
                        .put(sample.time(), Double.doubleToRawLongBits(sample.value()));
            }
        }
    }

    private void delete() throws StorageFailure {
        long from = nowMillis.get() - random.nextInt(7_200_000);
        long to = random.nextBoolean() ? from + random.nextInt(600_000) : Long.MAX_VALUE;
        var matcher = new Matcher("host", MatchOp.REGEX, "h.*" + random.nextInt(10));
        life.store.delete(List.of(List.of(matcher)), from, to, life::freeze);
        model.forEach((labels, samples) -> {
            if (matcher.matches(labels.get("host"))) {
                SortedMap<Long, Long> gone = samples.subMap(from, true, to, true);
                deleted.computeIfAbsent(labels, any -> new TreeMap<>()).putAll(gone);
                gone.clear();
            }
        });
    }

    private void restart() throws Exception {
        int dice = random.nextInt(3);
        if (dice == 0) {
            lastStart = "a stop";
            life.stop();
        } else {
            lastStart = dice == 1 ? "a kill" : "a power cut";
            CrashingDisk left = dice == 1 ? disk.afterKill() : disk.afterPowerCut(random);
            life.bury();
            disk = left;
            kills++;
        }
        if (random.nextInt(3) == 0) {
            retention = Duration.ofDays(RETENTION_DAYS[random.nextInt(RETENTION_DAYS.length)]);
            lastStart += ", then retention " + retention;
            mayBeGoneMillis = Math.max(mayBeGoneMillis, earliestMillis());
        }
        boolean breaks = random.nextInt(4) == 0 && disk.exists(CHECKPOINT);
        if (breaks) {
            breakCheckpoint();
        }
        life = new Life();
        if (breaks) {
            acceptWhatCameBack();
        }
        check();
    }

    private void breakCheckpoint() {
        if (random.nextBoolean()) {
            disk.remove(CHECKPOINT);
            lastStart += ", without a checkpoint";
        } else {
            byte[] bytes = disk.read(CHECKPOINT).clone();
            bytes[random.nextInt(bytes.length)] ^= 0x10;
            disk.plant(CHECKPOINT, bytes);
            lastStart += ", with a damaged checkpoint";
        }
    }

    /** Without a checkpoint the log is read as far as it is there, and has what a deletion that is done has hidden. */
    private void acceptWhatCameBack() throws StorageFailure {
        found().forEach((labels, samples) -> samples.forEach((time, bits) -> {
            if (bits.equals(deleted.getOrDefault(labels, new TreeMap<>()).get(time))) {
                model.computeIfAbsent(labels, any -> new TreeMap<>()).putIfAbsent(time, bits);
            }
        }));
    }

    private NavigableMap<Labels, NavigableMap<Long, Long>> found() throws StorageFailure {
        var found = new TreeMap<Labels, NavigableMap<Long, Long>>();
        try (SeriesCursor cursor = life.store.select(Selection.ALL)) {
            while (cursor.next()) {
                NavigableMap<Long, Long> samples = found.computeIfAbsent(cursor.labels(), any -> new TreeMap<>());
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    for (int i = 0; i < runs.count(); i++) {
                        samples.put(runs.timestampsMillis()[i], Double.doubleToRawLongBits(runs.values()[i]));
                    }
                }
            }
        }
        return found;
    }

    private void check() throws StorageFailure {
        NavigableMap<Labels, NavigableMap<Long, Long>> found = found();
        assertThat(differences(found)).as("seed=%d, after %s", SEED, lastStart).isEmpty();
        found.values().forEach(samples -> assertThat(samples.headMap(earliestMillis()))
                .as("seed=%d, after %s: older than the retention", SEED, lastStart)
                .isEmpty());
    }

    /** The samples that are missing, not wanted, or of another value. */
    private List<String> differences(Map<Labels, NavigableMap<Long, Long>> found) {
        var differences = new ArrayList<String>();
        var series = new TreeSet<>(model.keySet());
        series.addAll(found.keySet());
        for (Labels labels : series) {
            SortedMap<Long, Long> wanted = since(model.get(labels));
            SortedMap<Long, Long> there = since(found.get(labels));
            var times = new TreeSet<>(wanted.keySet());
            times.addAll(there.keySet());
            for (long time : times) {
                if (!Objects.equals(wanted.get(time), there.get(time))) {
                    differences.add(labels + " at " + time + ": found=" + text(there.get(time)) + ", wanted="
                            + text(wanted.get(time)));
                }
            }
        }
        return differences;
    }

    private static String text(Long bits) {
        return bits == null ? "none" : String.valueOf(Double.longBitsToDouble(bits));
    }

    /** Those that must be there, and as they are in the model. */
    private SortedMap<Long, Long> since(NavigableMap<Long, Long> samples) {
        return samples == null ? new TreeMap<>() : samples.tailMap(mayBeGoneMillis, true);
    }
}

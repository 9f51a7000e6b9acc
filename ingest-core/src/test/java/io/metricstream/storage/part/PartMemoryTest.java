package io.metricstream.storage.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.ListedSeries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What readers of parts leave to one another: that it is used, that it is right, and that it ends. */
final class PartMemoryTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final Path FOLDER = Path.of("parts");
    private static final PartHeader.Origin ORIGIN = new PartHeader.Origin(-86_400_000, 86_400_000, 3, 17, 2);
    private static final int HOSTS = 600;
    private static final int POINTS = 100;

    static {
        System.out.println("PartMemoryTest: seed=" + SEED);
    }

    private final CrashingDisk disk = new CrashingDisk(FOLDER);
    private final PartMemory memory = new PartMemory();

    /** Samples that tell whose they are. */
    private Part write(String name, int seed) throws StorageFailure {
        var all = new TreeMap<Labels, NavigableMap<Long, Double>>();
        for (int host = 0; host < HOSTS; host++) {
            var samples = new TreeMap<Long, Double>();
            for (int point = 0; point < POINTS; point++) {
                samples.put(point * 1000L, value(seed, host, point));
            }
            all.put(Labels.of(Map.of(Labels.NAME, "m", "host", "h" + host)), samples);
        }
        Path path = FOLDER.resolve(name);
        PartWriter.write(disk, path, ORIGIN, new ListedSeries(all, new Random(SEED)));
        return Part.open(disk, path, memory);
    }

    private static double value(int seed, int host, int point) {
        return new Random(seed * 31L + host).nextInt(1000) + point / 10.0;
    }

    private static Map<String, List<Double>> read(Part part, Matcher... matchers) throws StorageFailure {
        var found = new HashMap<String, List<Double>>();
        var selection = new Selection(List.of(matchers), Long.MIN_VALUE, Long.MAX_VALUE);
        try (SeriesCursor cursor = part.select(selection)) {
            while (cursor.next()) {
                var values = new ArrayList<Double>();
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    Arrays.stream(runs.values(), 0, runs.count()).forEach(values::add);
                }
                found.put(cursor.labels().get("host"), values);
            }
        }
        return found;
    }

    private static Map<String, List<Double>> wanted(int seed, int host) {
        var values = new ArrayList<Double>();
        for (int point = 0; point < POINTS; point++) {
            values.add(value(seed, host, point));
        }
        return Map.of("h" + host, values);
    }

    @Test
    void whatWasReadIsNotReadAgain() throws StorageFailure {
        try (Part part = write("a.part", 1)) {
            assertThat(read(part, Matcher.equal("host", "h17"))).isEqualTo(wanted(1, 17));
            disk.fail(CrashingDisk.Call.READ, ".part");
            assertThat(read(part, Matcher.equal("host", "h17"))).isEqualTo(wanted(1, 17));
        }
    }

    @Test
    void partsAreToldApart() throws StorageFailure {
        try (Part one = write("a.part", 1);
                Part other = write("b.part", 2)) {
            for (int i = 0; i < 3; i++) {
                assertThat(read(one, Matcher.equal("host", "h17"))).isEqualTo(wanted(1, 17));
                assertThat(read(other, Matcher.equal("host", "h17"))).isEqualTo(wanted(2, 17));
            }
        }
        try (Part again = write("a.part", 3)) {
            assertThat(read(again, Matcher.equal("host", "h17"))).isEqualTo(wanted(3, 17));
        }
    }

    @Test
    void readersAtOnceDoNotDisturbEachOther() throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        try (Part one = write("a.part", 1);
                Part other = write("b.part", 2)) {
            var tasks = new ArrayList<Callable<Boolean>>();
            for (int task = 0; task < 4; task++) {
                var random = new Random(SEED + task);
                tasks.add(() -> {
                    for (int i = 0; i < 300; i++) {
                        int seed = 1 + random.nextInt(2);
                        int host = random.nextInt(HOSTS);
                        assertThat(read(seed == 1 ? one : other, Matcher.equal("host", "h" + host)))
                                .isEqualTo(wanted(seed, host));
                    }
                    return read(one).size() == HOSTS;
                });
            }
            for (var done : threads.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void readersAreServedAfterItsEnd() throws StorageFailure {
        try (Part part = write("a.part", 1)) {
            assertThat(read(part, Matcher.equal("host", "h1"))).isEqualTo(wanted(1, 1));
            memory.close();
            assertThat(read(part, Matcher.equal("host", "h1"))).isEqualTo(wanted(1, 1));
        }
    }
}

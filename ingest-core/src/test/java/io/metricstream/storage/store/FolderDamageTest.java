package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.export.StoredFolder;
import io.metricstream.repair.FolderCheck;
import io.metricstream.select.Matcher;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.FolderLock;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.Deletion;
import io.metricstream.storage.part.Part;
import io.metricstream.storage.store.StoredLife.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flips a bit in a byte of a data folder, or cuts a file at it: the server starts, a check says what is damaged, nothing is
 * missing but what that file had, nothing is there that was not written, and writing, deleting and the next start go on.
 *
 * <p>Some bytes by default; {@code -Ddamage=all} takes every byte of every file, {@code -Dseed} repeats a run.
 */
final class FolderDamageTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final boolean ALL = "all".equals(System.getProperty("damage"));
    private static final int SOME = 150;
    private static final Path DATA = Path.of("/data");
    private static final String DELETED = "h1";

    private final SplittableRandom random = new SplittableRandom(SEED);
    /** What a client must see of the whole folder. */
    private final Map<Sample, Double> truth = new HashMap<>();

    private final Map<Sample, Double> deleted = new HashMap<>();
    /** What each file has that may be missing where it is damaged; the log's segments together. */
    private final Map<Path, Set<Sample>> held = new HashMap<>();

    private CrashingDisk whole;

    private record Harm(Path file, int at, boolean cut) {
        byte[] to(byte[] bytes, SplittableRandom random) {
            if (cut) {
                return Arrays.copyOf(bytes, at);
            }
            byte[] flipped = bytes.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            return flipped;
        }
    }

    /** Parts of two days, some of them with deleted samples in it, and a log of what came after. */
    @BeforeEach
    void makeTheFolder() throws Exception {
        System.out.println("FolderDamageTest: seed=" + SEED);
        var disk = new CrashingDisk(DATA);
        var life = new StoredLife(disk, DATA);
        write(life, StoredLife.NOW - 3 * StoredLife.DAY);
        life.flush();
        write(life, StoredLife.NOW - StoredLife.DAY);
        life.flush();
        life.delete("nobody");
        write(life, StoredLife.NOW - StoredLife.DAY + 500_000);
        life.flush();
        var logged = new HashSet<>(truth.keySet());
        for (int i = 0; i < 5; i++) {
            write(life, StoredLife.NOW - 1_000_000 + i * 100_000L);
        }
        long last = life.lastSequence();
        life.kill();
        whole = disk.afterKill();
        var deletion = new Deletion(2, List.of(Matcher.equal("host", DELETED)), 0, Long.MAX_VALUE, last);
        new Deletions(List.of(deletion), 2).save(whole, DATA);
        truth.forEach((sample, value) -> {
            if (sample.host().equals(DELETED)) {
                deleted.put(sample, value);
            }
        });
        truth.keySet().removeAll(deleted.keySet());
        for (Path file : whole.files().keySet()) {
            if (PartFiles.isPart(file)) {
                try (Part part = Part.open(whole, file)) {
                    held.put(file, StoredLife.read(part).keySet());
                }
            } else if (isSegment(file)) {
                var inLog = new HashSet<>(truth.keySet());
                inLog.removeAll(logged);
                held.put(file, inLog);
                whole.plant(file, withoutZeros(whole.read(file)));
            }
        }
        assertThat(held).as("three parts, and segments").hasSizeGreaterThan(3);
    }

    private static boolean isSegment(Path file) {
        return file.toString().endsWith(".wal");
    }

    /** A few of the zeros that a segment ends with are enough. */
    private static byte[] withoutZeros(byte[] segment) {
        int end = segment.length;
        while (end > 0 && segment[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(segment, Math.min(segment.length, (end / 8 + 4) * 8));
    }

    private void write(StoredLife life, long fromMillis) throws StorageFailure {
        var samples = new LinkedHashMap<Sample, Double>();
        for (int host = 0; host < 3; host++) {
            for (int i = 0; i < 4; i++) {
                samples.put(new Sample("h" + host, fromMillis + i * 1000L), random.nextDouble());
            }
        }
        life.write(samples);
        truth.putAll(samples);
    }

    @Test
    void startsAndLosesNothingButWhatIsDamaged() throws Exception {
        List<Harm> harms = harms();
        for (Harm harm : harms) {
            try {
                check(harm);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed=" + SEED + ", " + harm, e);
            }
        }
        System.out.println("FolderDamageTest: damages=" + harms.size());
    }

    private List<Harm> harms() {
        var all = new ArrayList<Harm>();
        new TreeMap<>(whole.files()).forEach((file, bytes) -> {
            for (int at = 0; at < bytes.length; at++) {
                all.add(new Harm(file, at, false));
                all.add(new Harm(file, at, true));
            }
        });
        if (ALL) {
            return all;
        }
        var some = new ArrayList<Harm>();
        for (int i = 0; i < SOME; i++) {
            some.add(all.get(random.nextInt(all.size())));
        }
        return some;
    }

    private void check(Harm harm) throws Exception {
        CrashingDisk disk = whole.copy();
        disk.plant(harm.file(), harm.to(disk.read(harm.file()), random));
        boolean said;
        try (StoredFolder folder = StoredFolder.open(disk, DATA)) {
            FolderCheck check = FolderCheck.of(folder);
            said = check.isDamaged() || check.log().tornBytes() > 0;
        }
        var life = new StoredLife(disk, DATA);
        Map<Sample, Double> found = life.settled();
        if (!isSegment(harm.file())) {
            assertThat(said).as("a check says so").isTrue();
        }
        if (!harm.cut()) {
            // A log that is cut between two records is no different from one that ends there.
            assertThat(said || found.equals(truth)).as("said, or all is there").isTrue();
        }
        isLeft(harm, found);
        goesOn(life, disk, found);
    }

    /** Nothing is missing that another file has, and what shows again is what a lost file of deletions hid. */
    private void isLeft(Harm harm, Map<Sample, Double> found) {
        var mayBeMissing = held.getOrDefault(harm.file(), Set.of());
        var mayBeThere = new HashMap<>(truth);
        if (harm.file().endsWith(Deletions.FILE)) {
            mayBeThere.putAll(deleted);
        }
        assertThat(mayBeThere).as("nothing is invented").containsAllEntriesOf(found);
        truth.forEach((sample, value) -> {
            if (!mayBeMissing.contains(sample)) {
                assertThat(found).as("what is whole").containsEntry(sample, value);
            }
        });
    }

    private static void goesOn(StoredLife life, CrashingDisk disk, Map<Sample, Double> left) throws Exception {
        var expected = new HashMap<>(left);
        Map<Sample, Double> more = Map.of(new Sample("h0", StoredLife.NOW), 1.0, new Sample("h2", StoredLife.NOW), 2.0);
        life.write(more);
        expected.putAll(more);
        life.flush();
        assertThat(life.settled()).as("after writing").isEqualTo(expected);
        life.delete("h2");
        expected.keySet().removeIf(sample -> sample.host().equals("h2"));
        assertThat(life.settled()).as("after deleting").isEqualTo(expected);
        life.kill();
        var next = new StoredLife(disk.afterKill(), DATA);
        assertThat(next.settled()).as("after another start").isEqualTo(expected);
        assertThat(next.report.isDamaged()).as("after another start").isFalse();
        next.kill();
    }

    @Test
    void takesALockFileWhateverIsInIt(@TempDir Path folder) throws Exception {
        Files.write(folder.resolve("lock"), new byte[] {1, 2, 3});
        try (FolderLock lock = FolderLock.tryTake(folder)) {
            assertThat(lock).isNotNull();
        }
    }
}

package io.metricstream.storage.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.select.Matcher;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Parts whose bytes make no sense although every checksum is right: a fault in a writer, or in memory. */
final class PartDamageTest {
    private static final Path FOLDER = Path.of("data");
    private static final Path PATH = FOLDER.resolve("a.part");

    @Property
    void refusesOrReadsWhateverStandsBehindARightChecksum(@ForAll long seed) throws StorageFailure {
        var random = new Random(seed);
        byte[] part = GoldenPart.bytes();
        List<Integer> pages = pagesOf(part);
        for (int n = 0; n < 10; n++) {
            byte[] damaged = part.clone();
            int at = pages.get(random.nextInt(pages.size()));
            int stored = (int) PartLayout.INTS.get(part, at + PartLayout.PAGE_LENGTH_AT);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int within = random.nextInt(8) == 0 ? 8 : 16 + random.nextInt(random.nextBoolean() ? stored : 1);
                damaged[at + within] = (byte) random.nextInt();
            }
            int end = at + PartLayout.PAGE_HEADER_BYTES + stored;
            PartLayout.INTS.set(damaged, at, PartLayout.crc(damaged, at + 4, end - at - 4));
            read(damaged);
        }
    }

    private static List<Integer> pagesOf(byte[] part) {
        var pages = new ArrayList<Integer>();
        int at = PartLayout.HEADER_BYTES;
        while (at < part.length - PartLayout.TRAILER_BYTES) {
            pages.add(at);
            at += PartLayout.PAGE_HEADER_BYTES + (int) PartLayout.INTS.get(part, at + PartLayout.PAGE_LENGTH_AT);
        }
        return pages;
    }

    /** Any exception but {@link StorageFailure.Corrupt} fails the test. */
    private static void read(byte[] bytes) throws StorageFailure {
        var disk = new CrashingDisk(FOLDER);
        disk.plant(PATH, bytes);
        PartVerifier.verify(disk, PATH);
        for (Selection selection : List.of(
                Selection.ALL,
                new Selection(List.of(Matcher.equal("host", "host-7")), 0, Long.MAX_VALUE),
                new Selection(List.of(Matcher.equal(Labels.NAME, "up")), -1, 1_763_900_020_000L))) {
            try (Part part = Part.open(disk, PATH)) {
                part.labelNames(selection, 10);
                part.labelValues("host", selection, 10);
                part.types(selection, 10);
                try (SeriesCursor cursor = part.select(selection)) {
                    while (cursor.next()) {
                        SampleRuns runs = cursor.samples();
                        while (runs.next()) {
                            assertThat(runs.timestampsMillis().length).isGreaterThanOrEqualTo(runs.count());
                            assertThat(runs.values().length).isGreaterThanOrEqualTo(runs.count());
                        }
                    }
                }
            } catch (StorageFailure.Corrupt expected) {
                assertThat(expected).hasMessageContaining("a.part");
            }
        }
    }
}

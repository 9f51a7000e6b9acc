package io.metricstream.storage.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.FormatPage;
import io.metricstream.storage.block.BlockPageWriter;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A part's bytes are those of docs/format/part.md and of the file that was written once. */
final class PartFormatTest {
    private static final FormatPage PAGE = new FormatPage("part.md", ByteOrder.LITTLE_ENDIAN);
    private static final Path FOLDER = Path.of("data");
    private static final Path PATH = FOLDER.resolve("golden.part");

    private static CrashingDisk diskWithGolden() throws Exception {
        var disk = new CrashingDisk(FOLDER);
        disk.plant(PATH, FormatPage.golden(GoldenPart.NAME));
        return disk;
    }

    @Test
    void readsTheGoldenPart() throws Exception {
        CrashingDisk disk = diskWithGolden();
        assertThat(PartVerifier.verify(disk, PATH)).isEmpty();
        var found = new TreeMap<Labels, NavigableMap<Long, Double>>();
        int summarized = 0;
        try (Part part = Part.open(disk, PATH);
                SeriesCursor cursor = part.select(Selection.ALL)) {
            assertThat(part.header().origin()).isEqualTo(GoldenPart.ORIGIN);
            while (cursor.next()) {
                var samples = new TreeMap<Long, Double>();
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    summarized += runs.isSummarized() ? 1 : 0;
                    for (int i = 0; i < runs.count(); i++) {
                        samples.put(runs.timestampsMillis()[i], runs.values()[i]);
                    }
                }
                found.put(cursor.labels(), samples);
            }
        }
        // Bits, as -0.0 is not 0.0 in a text and a NaN has a payload.
        assertThat(text(found)).isEqualTo(text(GoldenPart.series()));
        assertThat(summarized).isPositive();
    }

    private static String text(Map<Labels, NavigableMap<Long, Double>> series) {
        var text = new StringBuilder();
        series.forEach((labels, samples) -> samples.forEach((time, value) -> text.append(labels)
                .append(" @ ")
                .append(time)
                .append(" = ")
                .append(Long.toHexString(Double.doubleToRawLongBits(value)))
                .append('\n')));
        return text.toString();
    }

    @Test
    void writesTheGoldenPartToday() throws Exception {
        assertThat(GoldenPart.bytes()).isEqualTo(FormatPage.golden(GoldenPart.NAME));
    }

    @Test
    void thePageSaysWhereHeaderAndTrailerFieldsLie() throws Exception {
        byte[] part = FormatPage.golden(GoldenPart.NAME);
        Map<String, FormatPage.Field> header = PAGE.table("### Header");
        assertThat(FormatPage.text(part, 0, header.get("magic"))).isEqualTo("MSTRPART");
        assertThat(PAGE.number(part, 0, header.get("version"))).isEqualTo(PartLayout.FORMAT_VERSION);
        FormatPage.Field checksum = header.get("header checksum");
        assertThat(PAGE.number(part, 0, checksum)).isEqualTo(FormatPage.crc(part, 0, checksum.offset()));
        assertThat(checksum.end()).isEqualTo(PartLayout.HEADER_BYTES);

        Map<String, FormatPage.Field> trailer = PAGE.table("### Trailer");
        int at = part.length - PartLayout.TRAILER_BYTES;
        assertThat(PAGE.number(part, at, trailer.get("length"))).isEqualTo(part.length);
        assertThat(PAGE.number(part, at, trailer.get("trailer checksum")))
                .isEqualTo(FormatPage.crc(
                        part, at, at + trailer.get("trailer checksum").offset()));
        assertThat(PAGE.number(part, at, trailer.get("version"))).isEqualTo(PartLayout.FORMAT_VERSION);
        assertThat(FormatPage.text(part, at, trailer.get("magic"))).isEqualTo("MSTRPEND");
        assertThat(trailer.get("magic").end()).isEqualTo(PartLayout.TRAILER_BYTES);
    }

    /** Pages lie one behind the other from the header to the trailer, of every kind there is, the contents last. */
    @Test
    void thePageSaysWhereThePageFieldsLie() throws Exception {
        byte[] part = FormatPage.golden(GoldenPart.NAME);
        Map<String, FormatPage.Field> page = PAGE.table("### Page");
        int trailer = part.length - PartLayout.TRAILER_BYTES;
        long contents = PAGE.number(part, trailer, PAGE.table("### Trailer").get("contents"));
        var kinds = new TreeMap<Long, Integer>();
        int at = PartLayout.HEADER_BYTES;
        while (at < trailer) {
            long kind = PAGE.number(part, at, page.get("kind"));
            assertThat(kind == PartLayout.KIND_CONTENTS).isEqualTo(at == contents);
            kinds.merge(kind, 1, Integer::sum);
            int end = at + page.get("payload").offset() + (int) PAGE.number(part, at, page.get("stored"));
            FormatPage.Field checksum = page.get("page checksum");
            assertThat(PAGE.number(part, at, checksum)).isEqualTo(FormatPage.crc(part, at + checksum.end(), end));
            assertThat(PAGE.number(part, at, page.get("plain"))).isGreaterThanOrEqualTo(end - at - 16L);
            at = end;
        }
        assertThat(at).isEqualTo(trailer);
        assertThat(kinds.keySet()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void thePageSaysTheLimits() throws Exception {
        assertThat(Files.readString(Path.of("..", "docs", "format", "part.md")))
                .contains("up to " + BlockPageWriter.MAX_BLOCK_SAMPLES + " samples");
    }
}

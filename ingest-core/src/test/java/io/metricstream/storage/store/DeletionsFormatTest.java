package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.FormatPage;
import io.metricstream.storage.merge.Deletion;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bytes of the deletions are those of docs/format/deletes.md and of the file that was written once. */
final class DeletionsFormatTest {
    private static final Path DATA = Path.of("data");
    private static final Path FILE = DATA.resolve(Deletions.FILE);
    private static final String GOLDEN = "deletes-v1";
    private static final Deletion FIRST = new Deletion(
            3,
            List.of(
                    Matcher.equal("stra\u00dfe", "K\u00f6nigsallee"),
                    new Matcher("a", MatchOp.NOT_EQUAL, ""),
                    new Matcher("b", MatchOp.REGEX, "c|d.*"),
                    new Matcher("e", MatchOp.NOT_REGEX, "f")),
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            0x0123456789abcdefL);
    /** Four were made, and the last was forgotten; the others were so before. */
    private static final Deletions DELETIONS = Deletions.NONE
            .with(FIRST)
            .with(new Deletion(4, List.of(), -1, 0, 7))
            .with(new Deletion(5, List.of(), 0, 0, 0))
            .without(List.of(new Deletion(5, List.of(), 0, 0, 0)));

    @Test
    void readsTheGoldenFile() throws Exception {
        var disk = new CrashingDisk(DATA);
        disk.plant(FILE, FormatPage.golden(GOLDEN));
        assertThat(Deletions.load(disk, DATA)).isEqualTo(DELETIONS);
    }

    @Test
    void writesTheGoldenFileToday() throws Exception {
        var disk = new CrashingDisk(DATA);
        DELETIONS.save(disk, DATA);
        assertThat(disk.read(FILE)).isEqualTo(FormatPage.golden(GOLDEN));
    }

    @Test
    void thePageSaysWhereTheFieldsLie() throws Exception {
        byte[] bytes = FormatPage.golden(GOLDEN);
        var page = new FormatPage("deletes.md", ByteOrder.BIG_ENDIAN);
        Map<String, FormatPage.Field> file = page.table("## File");
        assertThat(FormatPage.text(bytes, 0, file.get("magic"))).isEqualTo("MSTRMDEL");
        assertThat(page.number(bytes, 0, file.get("version"))).isEqualTo(1);
        assertThat(page.number(bytes, 0, file.get("last id"))).isEqualTo(5);
        assertThat(page.number(bytes, 0, file.get("deletions"))).isEqualTo(2);
        int first = file.get("deletions").end();
        Map<String, FormatPage.Field> deletion = page.table("## Deletion");
        assertThat(page.number(bytes, first, deletion.get("id"))).isEqualTo(FIRST.id());
        assertThat(page.number(bytes, first, deletion.get("from"))).isEqualTo(FIRST.fromMillis());
        assertThat(page.number(bytes, first, deletion.get("to"))).isEqualTo(FIRST.toMillis());
        assertThat(page.number(bytes, first, deletion.get("sequence"))).isEqualTo(FIRST.sequence());
        assertThat(page.number(bytes, first, deletion.get("matchers"))).isEqualTo(4);
        int end = bytes.length - Integer.BYTES;
        assertThat(page.number(bytes, end, new FormatPage.Field(0, Integer.BYTES)))
                .isEqualTo(FormatPage.crc(bytes, 0, end));
    }
}

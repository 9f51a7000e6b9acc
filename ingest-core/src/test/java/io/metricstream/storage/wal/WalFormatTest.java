package io.metricstream.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.FormatPage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The log's bytes are those of docs/format/wal.md and of the segment that was written once. */
final class WalFormatTest {
    private static final Path DATA = Path.of("data");
    private static final FormatPage PAGE = new FormatPage("wal.md", ByteOrder.LITTLE_ENDIAN);

    private static byte[] golden() throws IOException {
        return FormatPage.golden(GoldenSegment.NAME);
    }

    private static CrashingDisk diskWithGolden() throws Exception {
        var disk = new CrashingDisk(DATA);
        disk.createFolders(WalReader.folder(DATA));
        disk.plant(WalReader.folder(DATA).resolve("00000007.wal"), golden());
        return disk;
    }

    @Test
    void readsTheGoldenSegment() throws Exception {
        var replay = new TextReplay();
        CrashingDisk disk = diskWithGolden();
        new WalReader(disk, DATA, WalPosition.START, replay, bytes -> {}).readTo(null);
        assertThat(replay.lines)
                .containsExactly(
                        "series 0 Series[type=GAUGE, name=up, tags={}]",
                        "0 @ 1763900000000 = 4052e00000000000",
                        "series 70000 Series[type=COUNTER, name=Anfragen_gesamt, tags={b=1, straße=Königsallee}]",
                        "70000 @ -1 = 8000000000000000",
                        "0 @ 9223372036854775807 = 1",
                        "70000 @ -9223372036854775808 = fff0000000000000",
                        "0 @ 0 = 7ff0000000000002",
                        "0 @ 0 = fff8000000000abc",
                        "0 @ 43 = 4000000000000000");
        RecoveryReport report = WalVerifier.verify(disk, DATA, -1, bytes -> {});
        assertThat(report).isEqualTo(new RecoveryReport(1, 5, 2, 7, 0, 0, 1, 70_001, List.of()));
    }

    @Test
    void writesTheGoldenSegmentToday() throws Exception {
        assertThat(GoldenSegment.bytes()).isEqualTo(golden());
    }

    @Test
    void thePageSaysWhereTheHeaderFieldsLie() throws Exception {
        byte[] segment = golden();
        Map<String, FormatPage.Field> header = PAGE.table("## Segment header");
        assertThat(FormatPage.text(segment, 0, header.get("magic"))).isEqualTo("MSTRMWAL");
        assertThat(PAGE.number(segment, 0, header.get("version"))).isEqualTo(WalLayout.FORMAT_VERSION);
        assertThat(PAGE.number(segment, 0, header.get("segment"))).isEqualTo(GoldenSegment.NUMBER);
        assertThat(PAGE.number(segment, 0, header.get("log id"))).isEqualTo(GoldenSegment.LOG_ID);
        FormatPage.Field checksum = header.get("header checksum");
        assertThat(PAGE.number(segment, 0, checksum)).isEqualTo(FormatPage.crc(segment, 0, checksum.offset()));
        assertThat(checksum.end()).isEqualTo(WalLayout.SEGMENT_HEADER_BYTES);
    }

    @Test
    void thePageSaysWhereTheRecordFieldsLie() throws Exception {
        byte[] segment = golden();
        Map<String, FormatPage.Field> record = PAGE.table("## Record");
        assertThat(record.get("payload").offset()).isEqualTo(WalLayout.RECORD_HEADER_BYTES);
        List<Integer> starts = NumberedLog.recordsOf(segment);
        int[] types = {1, 2, 1, 2, 3, 2, 4};
        int[] flags = {1, 0, 1, 0, 0, 0, 1};
        assertThat(starts).hasSize(types.length + 1);
        for (int i = 0; i < types.length; i++) {
            int at = starts.get(i);
            int end = starts.get(i + 1);
            assertThat(PAGE.number(segment, at, record.get("record checksum")))
                    .isEqualTo(FormatPage.crc(segment, at + 4, end));
            assertThat(PAGE.number(segment, at, record.get("sequence"))).isEqualTo(GoldenSegment.FIRST_SEQUENCE + i);
            assertThat(PAGE.number(segment, at, record.get("segment"))).isEqualTo(GoldenSegment.NUMBER);
            assertThat(PAGE.number(segment, at, record.get("type"))).isEqualTo(types[i]);
            assertThat(PAGE.number(segment, at, record.get("flags"))).isEqualTo(flags[i]);
            long length = PAGE.number(segment, at, record.get("length"));
            assertThat((WalLayout.RECORD_HEADER_BYTES + length + 7) / 8 * 8).isEqualTo(end - at);
        }
        int gap = starts.get(4) + WalLayout.RECORD_HEADER_BYTES;
        assertThat(PAGE.number(segment, gap, PAGE.table("### Gap, type 3").get("following")))
                .isEqualTo(GoldenSegment.FIRST_SEQUENCE + 5);
        int series = starts.get(2) + WalLayout.RECORD_HEADER_BYTES;
        assertThat(PAGE.number(segment, series, PAGE.table("### Series, type 1").get("ref")))
                .isEqualTo(70_000);
    }
}

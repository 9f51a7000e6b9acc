package io.metricstream.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.storage.CrashingDisk;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The log's bytes are those of docs/format/wal.md and of the segment that was written once. */
final class WalFormatTest {
    private static final Path DATA = Path.of("data");
    private static final Path PAGE = Path.of("..", "docs", "format", "wal.md");

    private static byte[] golden() throws IOException {
        try (InputStream in = WalFormatTest.class.getResourceAsStream("/format/" + GoldenSegment.NAME)) {
            return in.readAllBytes();
        }
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
        RecoveryReport report = WalVerifier.verify(disk, DATA, bytes -> {});
        assertThat(report).isEqualTo(new RecoveryReport(1, 5, 2, 7, 0, 0, 1, 70_001, List.of()));
    }

    @Test
    void writesTheGoldenSegmentToday() throws Exception {
        assertThat(GoldenSegment.bytes()).isEqualTo(golden());
    }

    /** Rows of the first table under this heading: field to offset and length. */
    private static Map<String, int[]> table(String heading) throws IOException {
        var fields = new LinkedHashMap<String, int[]>();
        boolean here = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("#")) {
                here = line.equals(heading);
            }
            String[] cells = line.split("\\|", -1);
            if (here && cells.length == 6 && cells[1].strip().matches("\\d+")) {
                String bytes = cells[2].strip();
                fields.putIfAbsent(cells[3].strip(), new int[] {
                    Integer.parseInt(cells[1].strip()), bytes.matches("\\d+") ? Integer.parseInt(bytes) : -1
                });
            }
        }
        assertThat(fields).as(heading).isNotEmpty();
        return fields;
    }

    private static long read(byte[] bytes, int base, int[] field) {
        byte[] big = new byte[field[1]];
        for (int i = 0; i < big.length; i++) {
            big[big.length - 1 - i] = bytes[base + field[0] + i];
        }
        return new BigInteger(1, big).longValue();
    }

    private static long crc(byte[] bytes, int from, int to) {
        var crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return crc.getValue();
    }

    @Test
    void thePageSaysWhereTheHeaderFieldsLie() throws Exception {
        byte[] segment = golden();
        Map<String, int[]> header = table("## Segment header");
        assertThat(new String(segment, header.get("magic")[0], header.get("magic")[1], "US-ASCII"))
                .isEqualTo("MSTRMWAL");
        assertThat(read(segment, 0, header.get("version"))).isEqualTo(WalLayout.FORMAT_VERSION);
        assertThat(read(segment, 0, header.get("segment"))).isEqualTo(GoldenSegment.NUMBER);
        assertThat(read(segment, 0, header.get("log id"))).isEqualTo(GoldenSegment.LOG_ID);
        int[] checksum = header.get("header checksum");
        assertThat(read(segment, 0, checksum)).isEqualTo(crc(segment, 0, checksum[0]));
        assertThat(checksum[0] + checksum[1]).isEqualTo(WalLayout.SEGMENT_HEADER_BYTES);
    }

    @Test
    void thePageSaysWhereTheRecordFieldsLie() throws Exception {
        byte[] segment = golden();
        Map<String, int[]> record = table("## Record");
        assertThat(record.get("payload")[0]).isEqualTo(WalLayout.RECORD_HEADER_BYTES);
        List<Integer> starts = NumberedLog.recordsOf(segment);
        int[] types = {1, 2, 1, 2, 3, 2, 4};
        int[] flags = {1, 0, 1, 0, 0, 0, 1};
        assertThat(starts).hasSize(types.length + 1);
        for (int i = 0; i < types.length; i++) {
            int at = starts.get(i);
            int end = starts.get(i + 1);
            assertThat(read(segment, at, record.get("record checksum"))).isEqualTo(crc(segment, at + 4, end));
            assertThat(read(segment, at, record.get("sequence"))).isEqualTo(GoldenSegment.FIRST_SEQUENCE + i);
            assertThat(read(segment, at, record.get("segment"))).isEqualTo(GoldenSegment.NUMBER);
            assertThat(read(segment, at, record.get("type"))).isEqualTo(types[i]);
            assertThat(read(segment, at, record.get("flags"))).isEqualTo(flags[i]);
            long length = read(segment, at, record.get("length"));
            assertThat((WalLayout.RECORD_HEADER_BYTES + length + 7) / 8 * 8).isEqualTo(end - at);
        }
        int gap = starts.get(4) + WalLayout.RECORD_HEADER_BYTES;
        assertThat(read(segment, gap, table("### Gap, type 3").get("following")))
                .isEqualTo(GoldenSegment.FIRST_SEQUENCE + 5);
        int series = starts.get(2) + WalLayout.RECORD_HEADER_BYTES;
        assertThat(read(segment, series, table("### Series, type 1").get("ref")))
                .isEqualTo(70_000);
    }
}

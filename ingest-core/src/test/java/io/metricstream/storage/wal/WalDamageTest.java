package io.metricstream.storage.wal;

import static io.metricstream.storage.wal.NumberedLog.DATA;
import static io.metricstream.storage.wal.NumberedLog.recordsOf;
import static io.metricstream.storage.wal.NumberedLog.segment;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.WalDamage.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Named damage to a log of 200 records in four segments, with what must survive it. Records 1 to 62 lie in segment 1, 63
 * to 124 in 2, 125 to 186 in 3 and the rest, with the end record, in 4.
 */
final class WalDamageTest {
    private static final int RECORDS = 200;
    private static final int SAMPLES = 100;
    private static final int ALL = 1 << 16;
    private static final byte[] TEXT = "hello".getBytes(UTF_8);
    private static final Path QUARANTINE = DATA.resolve("quarantine");

    /** Does something to a log that nobody should. */
    private interface Harm {
        void doTo(NumberedLog log) throws StorageFailure;
    }

    /** What is left: all records but these; what is reported, in order; what lies in the quarantine. */
    private record Damage(String name, Harm harm, List<Integer> lost, List<String> reported, List<String> quarantined) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Damage damage(String name, Harm harm, List<Integer> lost, String reported, String quarantined) {
        return new Damage(name, harm, lost, words(reported), words(quarantined));
    }

    private static List<String> words(String line) {
        return line.isEmpty() ? List.of() : List.of(line.split(" "));
    }

    private static List<Integer> none() {
        return List.of();
    }

    private static List<Integer> from(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    static Stream<Damage> damages() {
        return Stream.of(
                damage("no damage", log -> {}, none(), "", ""),
                damage("bad checksum", log -> flip(log, 1, 10, 0), from(10, 10), "DAMAGED:1", "1-9"),
                damage("bad payload", log -> flip(log, 2, 20, 500), from(82, 82), "DAMAGED:1", "2-19"),
                damage("bad padding", log -> flip(log, 2, 20, -1), from(82, 82), "DAMAGED:1", "2-19"),
                damage("length too long", log -> length(log, 1, 30, 30_000), from(30, 30), "DAMAGED:1", "1-29"),
                damage("length far too long", log -> length(log, 1, 30, 1 << 30), from(30, 30), "DAMAGED:1", "1-29"),
                damage("length too short", log -> length(log, 1, 30, 8), from(30, 30), "DAMAGED:1", "1-29"),
                damage("length below zero", log -> length(log, 1, 30, -8), from(30, 30), "DAMAGED:1", "1-29"),
                damage("first record of a segment", log -> flip(log, 3, 1, 40), from(125, 125), "DAMAGED:1", "3-0"),
                damage("last record of a segment", log -> flip(log, 2, 62, 40), from(124, 124), "DAMAGED:1", "2-61"),
                damage("last record of the log", log -> flip(log, 4, 14, 40), from(200, 200), "DAMAGED:1", "4-13"),
                damage("the end record", log -> flip(log, 4, 15, 25), none(), "TORN:0", ""),
                damage("zeroed page", log -> zero(log, 1, 8192, 4096), from(8, 12), "DAMAGED:5", "1-7"),
                damage("two places", WalDamageTest::twoPlaces, List.of(5, 50), "DAMAGED:1 DAMAGED:1", "1-4 1-49"),
                damage("truncated middle", log -> cut(log, 2, 30_500), from(92, 124), "DAMAGED:33", "2-29"),
                damage("truncated between records", WalDamageTest::cutBetween, from(83, 124), "MISSING:42", ""),
                damage("truncated newest", log -> cut(log, 4, 5_000), from(191, 200), "TORN:0", ""),
                damage("zero-length middle", log -> cut(log, 2, 0), from(63, 124), "FOREIGN:0 MISSING:62", ""),
                damage("zero-length newest", log -> cut(log, 4, 0), from(187, 200), "FOREIGN:0", ""),
                damage("half a header", log -> cut(log, 2, 32), from(63, 124), "FOREIGN:0 MISSING:62", "2.foreign"),
                damage("only a header", log -> cut(log, 2, 64), from(63, 124), "MISSING:62", ""),
                damage("all zeros", log -> zero(log, 2, 0, ALL), from(63, 124), "FOREIGN:0 MISSING:62", "2.foreign"),
                damage("missing middle", log -> remove(log, 2), from(63, 124), "MISSING:62", ""),
                damage("two missing", log -> remove(log, 2, 3), from(63, 186), "MISSING:124", ""),
                damage("missing newest", log -> remove(log, 4), from(187, 200), "", ""),
                damage("duplicated", log -> log.plant(9, log.read(2)), none(), "FOREIGN:0", "9.foreign"),
                damage("wrong place", WalDamageTest::misplace, from(125, 186), "FOREIGN:0 MISSING:62", "3.foreign"),
                damage("wrong header", log -> garbage(log, 2, 0, 64), none(), "HEADER:0", ""),
                damage("wrong beginning", log -> garbage(log, 2, 0, 80), from(63, 63), "HEADER:0 DAMAGED:1", "2-0"),
                damage("wrong records", log -> garbage(log, 2, 64, ALL), from(63, 124), "DAMAGED:62", "2-0"),
                damage(
                        "wrong file",
                        log -> garbage(log, 2, 0, ALL),
                        from(63, 124),
                        "FOREIGN:0 MISSING:62",
                        "2.foreign"),
                damage(
                        "a page not given",
                        log -> wear(log, 1, 8192, 4096),
                        from(8, 12),
                        "DAMAGED:5",
                        "1-7 1.unreadable"),
                damage(
                        "the first page not given",
                        log -> wear(log, 2, 0, 4096),
                        from(63, 66),
                        "HEADER:0 DAMAGED:4",
                        "2-0 2.unreadable"),
                damage("the end not given", WalDamageTest::wearEnd, from(198, 200), "DAMAGED:0", "4-11 4.unreadable"),
                damage(
                        "nothing of a segment given",
                        log -> wear(log, 2, 0, ALL),
                        from(63, 124),
                        "FOREIGN:0 MISSING:62",
                        "2.foreign"),
                damage("another server's", WalDamageTest::mixUp, from(63, 124), "FOREIGN:0 MISSING:62", "2.foreign"),
                damage("a text behind", log -> log.plant(7, TEXT), none(), "FOREIGN:0", "7.foreign"),
                damage("a text before", WalDamageTest::textBefore, none(), "FOREIGN:0", "1.foreign"),
                damage("a record twice", WalDamageTest::recordTwice, none(), "DAMAGED:0", "4-14"),
                damage("other files", WalDamageTest::otherFiles, none(), "", ""));
    }

    private static NumberedLog log() throws StorageFailure {
        return new NumberedLog(SAMPLES).write(RECORDS);
    }

    /** Flips a bit of the n-th record of a segment, counted from 1; the series record is not counted. */
    private static void flip(NumberedLog log, int segment, int record, int offset) {
        byte[] bytes = log.read(segment);
        int at = start(bytes, segment, record);
        int end = start(bytes, segment, record + 1);
        bytes[offset < 0 ? end + offset : at + offset] ^= 0x04;
        log.plant(segment, bytes);
    }

    private static int start(byte[] bytes, int segment, int record) {
        return recordsOf(bytes).get(segment == 1 ? record : record - 1);
    }

    private static void length(NumberedLog log, int segment, int record, int length) {
        byte[] bytes = log.read(segment);
        WalLayout.INTS.set(bytes, start(bytes, segment, record) + 4, length);
        log.plant(segment, bytes);
    }

    private static void zero(NumberedLog log, int segment, int at, int length) {
        byte[] bytes = log.read(segment);
        Arrays.fill(bytes, at, Math.min(bytes.length, at + length), (byte) 0);
        log.plant(segment, bytes);
    }

    /** The disk does not give these bytes any more. */
    private static void wear(NumberedLog log, int segment, int at, int length) {
        log.disk.wear(segment(segment), at, at + length);
    }

    private static void wearEnd(NumberedLog log) {
        wear(log, 4, 12_288, ALL);
    }

    private static void garbage(NumberedLog log, int segment, int at, int length) {
        byte[] bytes = log.read(segment);
        byte[] random = new byte[Math.min(length, bytes.length - at)];
        new Random(42).nextBytes(random);
        System.arraycopy(random, 0, bytes, at, random.length);
        log.plant(segment, bytes);
    }

    private static void cut(NumberedLog log, int segment, int length) {
        log.plant(segment, Arrays.copyOf(log.read(segment), length));
    }

    private static void cutBetween(NumberedLog log) {
        cut(log, 2, start(log.read(2), 2, 21));
    }

    private static void twoPlaces(NumberedLog log) {
        flip(log, 1, 5, 100);
        flip(log, 1, 50, 100);
    }

    private static void remove(NumberedLog log, int... segments) {
        for (int segment : segments) {
            log.disk.remove(segment(segment));
        }
    }

    private static void misplace(NumberedLog log) {
        log.plant(3, log.read(2));
    }

    private static void mixUp(NumberedLog log) throws StorageFailure {
        log.plant(2, log().read(2));
    }

    private static void textBefore(NumberedLog log) {
        for (int number = 4; number >= 1; number--) {
            byte[] bytes = log.read(number);
            log.disk.remove(segment(number));
            log.plant(number + 1, renumbered(bytes, number + 1));
        }
        log.plant(1, TEXT);
    }

    /** The same records in a segment of another number. */
    private static byte[] renumbered(byte[] bytes, int number) {
        byte[] header = WalLayout.segmentHeader(number, WalLayout.headerLogId(bytes));
        System.arraycopy(header, 0, bytes, 0, header.length);
        for (int at : recordsOf(bytes).subList(0, recordsOf(bytes).size() - 1)) {
            int kind = bytes[at + 20] | bytes[at + 21] << 8;
            int length = WalLayout.length(bytes, at);
            WalLayout.seal(bytes, at, length, WalLayout.sequence(bytes, at), number, kind, new java.util.zip.CRC32C());
        }
        return bytes;
    }

    private static void recordTwice(NumberedLog log) {
        byte[] bytes = log.read(4);
        int from = start(bytes, 4, 5);
        int to = start(bytes, 4, 6);
        int end = bytes.length - WalLayout.MARK_BYTES;
        byte[] longer = Arrays.copyOf(bytes, bytes.length + to - from);
        System.arraycopy(bytes, from, longer, end, to - from);
        System.arraycopy(bytes, end, longer, end + to - from, WalLayout.MARK_BYTES);
        log.plant(4, longer);
    }

    private static void otherFiles(NumberedLog log) {
        Path folder = WalReader.folder(DATA);
        byte[] segment = log.read(2);
        for (String name : List.of(
                "README",
                "2.wal",
                "+0000002.wal",
                "-0000002.wal",
                "000000002.wal",
                "0000000a.wal",
                "99999999999.wal",
                "00000000.wal",
                "00000002.wal.bak")) {
            log.disk.plant(folder.resolve(name), segment);
        }
        log.disk.plant(folder.resolve("00000005.wal.tmp"), segment);
    }

    private static List<String> reported(RecoveryReport report) {
        return report.damage().stream()
                .map(d -> d.kind() + ":" + d.recordsLost())
                .toList();
    }

    private static List<Integer> without(List<Integer> lost) {
        var left = new TreeSet<>(from(1, RECORDS));
        left.removeAll(lost);
        return new ArrayList<>(left);
    }

    @ParameterizedTest
    @MethodSource("damages")
    void keepsWhatIsNotHitAndSaysWhatIs(Damage damage) throws Exception {
        NumberedLog log = log();
        assertThat(log.disk.files().keySet()).contains(segment(4)).doesNotContain(segment(5));
        damage.harm.doTo(log);

        RecoveryReport verified = WalVerifier.verify(log.disk, DATA, -1, bytes -> {});
        NumberedLog.Found found = log.recover();
        assertThat(found.records()).isEqualTo(without(damage.lost));
        assertThat(found.samplesOfRecord().values()).allMatch(count -> count == SAMPLES);
        assertThat(reported(found.report())).isEqualTo(damage.reported);
        assertThat(verified).isEqualTo(found.report());
        assertThat(verified.isDamaged()).isEqualTo(damage.reported.stream().anyMatch(d -> !d.startsWith("TORN")));
        assertThat(quarantined(log)).isEqualTo(damage.quarantined);
        checkSecondRecovery(log, found);
    }

    private static void checkSecondRecovery(NumberedLog log, NumberedLog.Found first) throws StorageFailure {
        log.append(first.log(), 3);
        first.log().close();
        assertThat(log.disk.openFiles()).isZero();
        RecoveryReport verified = WalVerifier.verify(log.disk, DATA, -1, bytes -> {});
        NumberedLog.Found second = log.recover();
        assertThat(second.report()).isEqualTo(verified);
        assertThat(second.report().damage()).isEmpty();
        assertThat(second.report().isDamaged()).isFalse();
        var expected = new ArrayList<>(first.records());
        expected.addAll(from(RECORDS + 1, RECORDS + 3));
        assertThat(second.records()).isEqualTo(expected);
        second.log().close();
    }

    /** Names as in the table: the segment, a dash and the index of the first record in it, or "foreign". */
    private static List<String> quarantined(NumberedLog log) throws StorageFailure {
        var names = new ArrayList<String>();
        for (Path path : log.disk.files().keySet()) {
            if (QUARANTINE.equals(path.getParent())) {
                names.add(path.getFileName().toString());
            }
        }
        byte[] intact = log().read(1);
        return names.stream().map(name -> shortName(name, intact)).sorted().toList();
    }

    private static String shortName(String name, byte[] intact) {
        int segment = Integer.parseInt(name.substring(0, 8));
        if (name.endsWith(".foreign")) {
            return segment + ".foreign";
        }
        if (name.endsWith(".unreadable")) {
            return segment + ".unreadable";
        }
        assertThat(name).matches("0000000\\d\\.wal-\\d+\\.damaged");
        int offset = Integer.parseInt(name.substring(name.indexOf('-') + 1, name.lastIndexOf('.')));
        int first = recordsOf(intact).get(1) - recordsOf(intact).get(0);
        int each = recordsOf(intact).get(2) - recordsOf(intact).get(1);
        int behind = offset - WalLayout.SEGMENT_HEADER_BYTES - (segment == 1 ? first : 0);
        return segment + "-" + behind / each;
    }

    @Test
    void cutsAnUnfinishedLastRecordWithoutCallingItDamage() throws Exception {
        NumberedLog log = new NumberedLog(SAMPLES).writeAndKill(20);
        byte[] bytes = log.read(1);
        int last = start(bytes, 1, 20);
        Arrays.fill(bytes, last + 300, start(bytes, 1, 21), (byte) 0);
        log.plant(1, bytes);
        NumberedLog.Found found = log.recover();
        assertThat(found.records()).isEqualTo(from(1, 19));
        assertThat(reported(found.report())).containsExactly("TORN:0");
        assertThat(found.report().tornBytes()).isBetween(280L, 304L);
        assertThat(found.report().isDamaged()).isFalse();
        assertThat(log.read(1)).hasSize(last + WalLayout.MARK_BYTES);
        assertThat(log.disk.exists(QUARANTINE)).isFalse();
    }

    @Test
    void goesOnWhereThereIsNoRoomForASegmentThatCannotBeRead() throws Exception {
        NumberedLog log = log();
        log.disk.capacityBytes(log.disk.files().values().stream()
                .mapToLong(bytes -> bytes.length)
                .sum());
        wearEnd(log);
        NumberedLog.Found first = log.recover();
        assertThat(first.records()).isEqualTo(from(1, 197));
        first.log().close();
        log.disk.capacityBytes(Long.MAX_VALUE);
        NumberedLog.Found second = log.recover();
        log.append(second.log(), 3);
        second.log().close();
        // Had the disk given everything again, no record's number would have been given twice.
        assertThat(log.recover().records())
                .isEqualTo(Stream.concat(from(1, 197).stream(), from(201, 203).stream())
                        .toList());
    }

    @Test
    void takesNoHarmFromADiskThatFailsOnce() throws Exception {
        NumberedLog log = log();
        log.disk.fail(CrashingDisk.Call.READ, "2.wal");
        NumberedLog.Found found = log.recover();
        assertThat(found.records()).isEqualTo(from(1, RECORDS));
        assertThat(found.report().isDamaged()).isFalse();
        assertThat(log.disk.exists(QUARANTINE)).isFalse();
    }

    @Test
    void keepsInTheQuarantineWhatWasThere() throws Exception {
        NumberedLog log = log();
        flip(log, 2, 7, 60);
        garbage(log, 3, 0, 65_536);
        byte[] damaged = log.read(2);
        byte[] foreign = log.read(3);
        int at = start(damaged, 2, 7);
        int end = start(damaged, 2, 8);
        log.recover();
        assertThat(log.disk.read(QUARANTINE.resolve("00000002.wal-" + at + ".damaged")))
                .isEqualTo(Arrays.copyOfRange(damaged, at, end));
        assertThat(log.disk.read(QUARANTINE.resolve("00000003.wal.foreign"))).isEqualTo(foreign);
    }

    @Test
    void keepsAnEarlierCopyWhenTheSamePlaceIsDamagedAgain() throws Exception {
        NumberedLog log = log();
        flip(log, 2, 7, 60);
        int at = start(log.read(2), 2, 7);
        log.recover().log().close();
        byte[] first = log.disk.read(QUARANTINE.resolve("00000002.wal-" + at + ".damaged"));
        byte[] bytes = log.read(2);
        bytes[at + 2] ^= 1;
        log.plant(2, bytes);
        assertThat(reported(log.recover().report())).containsExactly("DAMAGED:1");
        assertThat(log.disk.read(QUARANTINE.resolve("00000002.wal-" + at + ".damaged")))
                .isEqualTo(first);
        assertThat(log.disk.files()).containsKey(QUARANTINE.resolve("00000002.wal-" + at + ".damaged-2"));
    }

    @Test
    void leavesDamageWhereItIsWhileTheDiskHasNoRoomForACopy() throws Exception {
        NumberedLog log = log();
        flip(log, 2, 7, 60);
        flip(log, 4, 9, 60);
        log.disk.capacityBytes(0);
        NumberedLog.Found full = log.recover();
        assertThat(full.records()).isEqualTo(without(List.of(69, 195)));
        assertThat(reported(full.report())).containsExactly("DAMAGED:1", "DAMAGED:1");
        assertThat(full.log().wantsRoom()).isTrue();
        log.disk.capacityBytes(Long.MAX_VALUE);
        assertThat(full.log().tryMakeRoom()).isTrue();
        log.append(full.log(), 2);
        log.disk = log.disk.afterKill();
        NumberedLog.Found found = log.recover();
        assertThat(reported(found.report())).containsExactly("DAMAGED:1", "DAMAGED:1");
        assertThat(quarantined(log)).containsExactly("2-6", "4-8");
        found.log().close();
        NumberedLog.Found mended = log.recover();
        assertThat(mended.report().damage()).isEmpty();
        assertThat(mended.records()).hasSize(RECORDS).endsWith(201, 202);
    }

    @Test
    void countsAtLeastOneLossAtTheBeginningOfALogWhoseOldestSegmentsAreGone() throws Exception {
        NumberedLog log = log();
        log.disk.remove(segment(1));
        flip(log, 2, 1, 60);
        RecoveryReport report = WalVerifier.verify(log.disk, DATA, -1, bytes -> {});
        assertThat(reported(report)).containsExactly("DAMAGED:1");
        assertThat(report.orphanSamples()).isEqualTo(137L * SAMPLES);
        assertThat(log.recover().report()).isEqualTo(report);
    }

    @Test
    void mendsAHoleOfManyMegabytes() throws Exception {
        var config = new WalConfig(Durability.OS, 8 << 20, 0);
        NumberedLog log = new NumberedLog(2000);
        try (Wal wal = log.recover(config).log()) {
            log.append(wal, 350);
        }
        zero(log, 1, 1 << 20, 5 << 20);
        NumberedLog.Found found = log.recover(config);
        long lost = found.report().recordsLost();
        assertThat(lost).isBetween(250L, 270L);
        assertThat(found.records()).hasSize(350 - (int) lost);
        found.log().close();
        NumberedLog.Found second = log.recover(config);
        assertThat(second.report().damage()).isEmpty();
        assertThat(second.report().gaps()).isEqualTo(6);
        assertThat(second.records()).isEqualTo(found.records());
        second.log().close();
    }

    @Test
    void refusesANewerVersionByNameAndTouchesNothing() throws Exception {
        NumberedLog log = log();
        flip(log, 1, 3, 60);
        byte[] bytes = log.read(3);
        WalLayout.INTS.set(bytes, 8, 2);
        var crc = new java.util.zip.CRC32C();
        crc.update(bytes, 0, 60);
        WalLayout.INTS.set(bytes, 60, (int) crc.getValue());
        log.plant(3, bytes);
        var before = log.disk.files();
        assertThatThrownBy(log::recover)
                .isInstanceOf(StorageFailure.Unsupported.class)
                .hasMessageContaining("00000003.wal")
                .hasMessageContaining("found=log format version 2")
                .hasMessageContaining("wanted=version 1");
        assertThat(log.disk.files()).usingRecursiveComparison().isEqualTo(before);
    }

    /** The records of each segment, which each names the series anew. */
    private static final List<List<Integer>> SEGMENTS = List.of(from(1, 5), from(6, 9), from(10, 12));

    @Test
    void losesWithAnyOneByteOnlyTheRecordItIsIn() throws Exception {
        NumberedLog log = new NumberedLog(3).write(5).write(4).writeAndKill(3);
        NumberedLog.Found whole = log.copy().recover();
        assertThat(whole.records()).isEqualTo(from(1, 12));
        int flips = 0;
        for (int segment = 1; segment <= 3; segment++) {
            byte[] bytes = log.read(segment);
            List<Integer> starts = recordsOf(bytes);
            int used = starts.get(starts.size() - 1);
            for (int at = 0; at < used; at++) {
                for (int bit = at % 3; bit < 8; bit += 3) {
                    byte[] flipped = bytes.clone();
                    flipped[at] ^= (byte) (1 << bit);
                    NumberedLog hit = log.copy();
                    hit.plant(segment, flipped);
                    checkOneByte(hit, bytes, at, "segment " + segment + ", byte " + at + ", bit " + bit);
                    flips++;
                }
            }
        }
        System.out.println("WalDamageTest: flipped bits=" + flips);
    }

    private static void checkOneByte(NumberedLog hit, byte[] intact, int at, String where) throws StorageFailure {
        NumberedLog.Found found = hit.recover();
        List<Integer> starts = recordsOf(intact);
        int record = -1;
        while (record + 1 < starts.size() && starts.get(record + 1) <= at) {
            record++;
        }
        var expected = new TreeSet<>(from(1, 12));
        if (record >= 0) {
            int start = starts.get(record);
            switch (WalLayout.type(intact, start)) {
                case WalLayout.TYPE_SERIES -> expected.removeAll(SEGMENTS.get(where.charAt("segment ".length()) - '1'));
                case WalLayout.TYPE_SAMPLES -> expected.remove(valueOf(intact, start));
                default -> {
                    // The end record holds no sample.
                }
            }
        }
        assertThat(found.records()).as(where).isEqualTo(new ArrayList<>(expected));
        assertThat(found.report().damage()).as(where).hasSize(1);
        Kind kind = found.report().damage().get(0).kind();
        boolean inLastGroup = where.startsWith("segment 3") && record == starts.size() - 2;
        assertThat(kind).as(where).isEqualTo(record < 0 ? Kind.HEADER : inLastGroup ? Kind.TORN : Kind.DAMAGED);
        hit.disk = hit.disk.afterKill();
        NumberedLog.Found second = hit.recover();
        assertThat(second.records()).as(where).isEqualTo(found.records());
        assertThat(second.report().damage()).as(where).isEmpty();
    }

    private static int valueOf(byte[] segment, int record) {
        int end = record + WalLayout.RECORD_HEADER_BYTES + WalLayout.length(segment, record);
        return (int) Double.longBitsToDouble((long) WalLayout.LONGS.get(segment, end - Long.BYTES));
    }
}

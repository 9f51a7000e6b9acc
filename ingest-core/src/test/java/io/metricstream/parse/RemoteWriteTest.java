package io.metricstream.parse;

import static io.metricstream.parse.WriteRequestMaker.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RemoteWriteTest {
    private static final long NOW = Probe.NOW;
    private static final byte[] EMPTY = new byte[0];

    private final Probe probe = new Probe();

    private boolean parse(WriteRequestMaker message) {
        return probe.parse(message.bytes(), BodyFormat.REMOTE_WRITE);
    }

    private static WriteRequestMaker good() {
        return message().label("__name__", "g").sample(1, NOW);
    }

    /** The series stands between two good ones, which are taken; twice, as the second time they may be known. */
    private void rejects(WriteRequestMaker series, String field, RejectReason reason, int samples, String text) {
        for (int twice = 0; twice < 2; twice++) {
            assertThat(parse(message().series(good()).series(series).series(good())))
                    .isTrue();
            assertThat(probe.samples()).containsExactly("g{} gauge 1.0@now", "g{} gauge 1.0@now");
            assertThat(probe.errors()).singleElement().asString().startsWith("1 " + field + ": " + text);
            assertThat(probe.report.received()).isEqualTo(2 + samples);
            assertThat(probe.report.rejectedBy(reason)).isEqualTo(samples);
            assertThat(probe.report.metricIndexOf(1)).isEqualTo(2);
            probe.adoptNewSeries();
        }
    }

    private void refuses(byte[] body, String text) {
        for (int twice = 0; twice < 2; twice++) {
            assertThat(probe.parse(body, BodyFormat.REMOTE_WRITE)).isFalse();
            assertThat(probe.report.malformedCode()).isEqualTo(ParseReport.INVALID_REQUEST);
            assertThat(probe.report.message()).contains(text);
            assertThat(probe.samples()).isEmpty();
            assertThat(parse(message().series(good()))).as("goes on").isTrue();
        }
    }

    @Test
    void readsSeriesWithLabelsAndSamplesInAnyOrder() {
        WriteRequestMaker first = message()
                .sample(3, NOW)
                .label("z", "1")
                .label("empty", "")
                .sample(-2.5, NOW - 5)
                .label("__name__", "näme")
                .label("a.b", "ü");
        WriteRequestMaker metadata = message().varint(1, 1).bytes(2, "up".getBytes(StandardCharsets.UTF_8));
        assertThat(parse(message()
                        .bytes(3, metadata.bytes())
                        .series(first)
                        .varint(9, 5)
                        .series(message().label("__name__", "no_samples"))
                        .series(message().label("__name__", "up").sample(1, NOW))))
                .isTrue();
        assertThat(probe.samples())
                .containsExactly(
                        "näme{a.b=ü, z=1} gauge 3.0@now",
                        "näme{a.b=ü, z=1} gauge -2.5@" + (NOW - 5),
                        "up{} gauge 1.0@now");
        assertThat(probe.report.rejected()).isZero();
        assertThat(probe.batch.newSeriesCount()).isEqualTo(2);
        probe.adoptNewSeries();
        assertThat(parse(message().series(first))).isTrue();
        assertThat(probe.batch.newSeriesCount()).as("known now").isZero();
        assertThat(probe.parse(EMPTY, BodyFormat.REMOTE_WRITE)).isTrue();
        assertThat(probe.report.received()).isZero();
    }

    @Test
    void keepsEveryBitOfAValue() {
        long[] bits = {
            0x7ff0000000000002L, 0x7ff8000000000001L, 0xfff8000000000abcL, 0x7ff0000000000000L, 0x8000000000000000L, 1
        };
        WriteRequestMaker series = message().label("__name__", "a");
        for (long value : bits) {
            series.sampleBits(value, NOW);
        }
        assertThat(parse(message().series(series))).isTrue();
        assertThat(Arrays.stream(probe.batch.values(), 0, bits.length)
                        .mapToLong(Double::doubleToRawLongBits)
                        .toArray())
                .isEqualTo(bits);
    }

    @Test
    void refusesSeriesOneByOne() {
        rejects(message().label("a", "b").sample(1, NOW), "labels.__name__", RejectReason.NAME, 1, "missing");
        rejects(message().sample(1, NOW).sample(2, NOW), "labels.__name__", RejectReason.NAME, 2, "missing");
        WriteRequestMaker twice = message().label("__name__", "a").label("__name__", "a");
        rejects(twice.sample(1, NOW), "labels.__name__", RejectReason.NAME, 1, "found the key twice");
        WriteRequestMaker thrice =
                message().label("__name__", "a").label("__name__", "a").label("__name__", "a");
        rejects(thrice.sample(1, NOW), "labels.__name__", RejectReason.NAME, 1, "found the key twice");
        byte[] latin1 = {(byte) 0xe9};
        byte[] name = "__name__".getBytes(StandardCharsets.UTF_8);
        rejects(
                message().label(name, latin1).sample(1, NOW),
                "labels.__name__",
                RejectReason.NAME,
                1,
                "found bytes that are not UTF-8");
        rejects(
                message().label("__name__", "").sample(1, NOW),
                "labels.__name__",
                RejectReason.NAME,
                1,
                "found an empty string");
        rejects(
                message().label("__name__", "a\n").sample(1, NOW),
                "labels.__name__",
                RejectReason.NAME,
                1,
                "found a control");
        rejectsLabel(
                good().label("x", "1").label("y", "2").label("x", "3"), "labels.x", "found the key twice, wanted each");
        rejectsLabel(good().label("x", "1").label("x", ""), "labels.x", "found the key twice, wanted each");
        rejectsLabel(good().label("", "1"), "labels.", "found an empty key");
        rejectsLabel(good().label(latin1, EMPTY), "labels", "found bytes that are not UTF-8 in a key");
        rejectsLabel(good().label(new byte[] {'k'}, latin1), "labels.k", "found bytes that are not UTF-8");
        rejectsLabel(good().label("k", "é".repeat(4097)), "labels.k", "found 4097 characters, wanted at most 4096");
        WriteRequestMaker many = good();
        for (int i = 0; i < 65; i++) {
            many.label("l" + i, "v");
        }
        rejectsLabel(many, "labels", "found more than 64 tags");
    }

    private void rejectsLabel(WriteRequestMaker series, String field, String text) {
        rejects(series, field, RejectReason.TAGS, 1, text);
    }

    @Test
    void refusesSamplesOneByOne() {
        WriteRequestMaker series = message()
                .label("__name__", "a")
                .sample(1, 5)
                .sample(2, NOW)
                .sample(3, 6)
                .bytes(4, EMPTY)
                .sample(4, NOW + 3_600_000);
        assertThat(parse(message().series(series))).isTrue();
        assertThat(probe.samples()).containsExactly("a{} gauge 2.0@now");
        assertThat(probe.report.received()).isEqualTo(5);
        assertThat(probe.report.rejectedBy(RejectReason.TIMESTAMP_TOO_OLD)).isEqualTo(2);
        assertThat(probe.report.rejectedBy(RejectReason.TIMESTAMP_TOO_NEW)).isEqualTo(1);
        assertThat(probe.report.rejectedBy(RejectReason.VALUE)).isEqualTo(1);
        assertThat(probe.errors()).hasSize(2);
        assertThat(probe.errors().get(0)).startsWith("0 timestamp: found 5, which is older than the retention");
        assertThat(probe.errors().get(1)).startsWith("0 histograms: found a native histogram");
        assertThat(probe.report.errorSeries(0)).isEqualTo("a");
    }

    @Test
    void refusesWhatIsNoMessage() {
        String what = "the body is not a message of remote write 1.0: ";
        refuses("{\"metrics\":[]}".getBytes(StandardCharsets.UTF_8), what);
        refuses(new byte[] {0}, what);
        refuses(new byte[] {0x0a, 5, 1}, what);
        refuses(new byte[] {0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f}, what);
        refuses(new byte[] {0x0c}, what);
        byte[] groups = new byte[100_000];
        Arrays.fill(groups, (byte) 0x0b);
        refuses(groups, what);
        // A label that reaches beyond its series.
        refuses(message().bytes(1, new byte[] {0x0a, 9, 0x0a, 1, 'a'}).bytes(), what);
    }

    @Test
    void refusesMoreSamplesThanARequestMayHave() {
        var small = new Probe(new ParseLimits(3, 255, 64, 255, 4096, ParseLimits.UNLIMITED_MILLIS, 0));
        WriteRequestMaker two = good().sample(2, NOW);
        byte[] three = message().series(two).series(good()).bytes();
        assertThat(small.parse(three, BodyFormat.REMOTE_WRITE)).isTrue();
        for (byte[] body : List.of(
                message().series(two).series(two).bytes(),
                message()
                        .series(good().bytes(4, EMPTY).sample(1, 1).sample(2, 2))
                        .bytes())) {
            assertThat(small.parse(body, BodyFormat.REMOTE_WRITE)).isFalse();
            assertThat(small.report.message())
                    .isEqualTo("found more than 3 samples, wanted at most that (limits.metrics-per-request)");
            assertThat(small.batch.count()).isZero();
        }
    }

    @Test
    void survivesAnyBytes() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("RemoteWriteTest seed " + seed);
        var random = new Random(seed);
        WriteRequestMaker message = message();
        for (int i = 0; i < 5; i++) {
            message.series(good().label("host", "h" + i).sample(i, NOW - i).bytes(3, new byte[] {0x12, 0}));
        }
        byte[] whole = message.bytes();
        for (int round = 0; round < 20_000; round++) {
            byte[] body = Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int i = random.nextInt(4); i > 0 && body.length > 0; i--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt();
            }
            byte[] embedded = new byte[body.length + 20];
            System.arraycopy(body, 0, embedded, 7, body.length);
            boolean read = probe.parse(embedded, 7, body.length, BodyFormat.REMOTE_WRITE);
            String alone = probe.everything();
            assertThat(probe.parse(body, BodyFormat.REMOTE_WRITE)).isEqualTo(read);
            assertThat(probe.everything()).isEqualTo(alone);
            assertThat(probe.batch.count()).isEqualTo(read ? probe.report.accepted() : 0);
        }
    }
}

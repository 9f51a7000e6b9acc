package io.metricstream.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimestampTest {
    private final Probe probe = new Probe();
    private final Probe anyTime =
            new Probe(new ParseLimits(100, 255, 64, 255, 4096, ParseLimits.UNLIMITED_MILLIS, 600_000));

    @Test
    void admitsTheWindowAndNothingElse() {
        long oldest = Probe.NOW - 30L * 24 * 3600 * 1000;
        accepts(probe, "" + oldest, oldest);
        rejects("" + (oldest - 1), RejectReason.TIMESTAMP_TOO_OLD);
        accepts(probe, "" + (Probe.NOW + 600_000), Probe.NOW + 600_000);
        rejects("" + (Probe.NOW + 600_001), RejectReason.TIMESTAMP_TOO_NEW);
        rejects("0", RejectReason.TIMESTAMP_TOO_OLD);
        rejects("-9223372036854775808", RejectReason.TIMESTAMP_TOO_OLD);
        rejects("9223372036854775807", RejectReason.TIMESTAMP_TOO_NEW);
    }

    @Test
    void printsTheWindow() {
        rejects("1", RejectReason.TIMESTAMP_TOO_OLD);
        assertThat(probe.report.errorReason(0))
                .isEqualTo(
                        "found 1, which is older than the retention; accepted: 1761308000000 (2025-10-24T12:13:20Z) to"
                                + " 1763900600000 (2025-11-23T12:23:20Z), in milliseconds");
    }

    @Test
    void namesTheUnitThatWasMeant() {
        rejects("1763900000", RejectReason.TIMESTAMP_TOO_OLD);
        assertThat(probe.report.errorReason(0)).endsWith("; it looks like seconds");
        rejects("1763900000000000", RejectReason.TIMESTAMP_TOO_NEW);
        assertThat(probe.report.errorReason(0)).endsWith("; it looks like microseconds");
        rejects("1763900000000000000", RejectReason.TIMESTAMP_TOO_NEW);
        assertThat(probe.report.errorReason(0)).endsWith("; it looks like nanoseconds");
    }

    @Test
    void admitsAnyPastWithoutRetention() {
        for (long millis : new long[] {0, -1, 1, Long.MIN_VALUE, Long.MIN_VALUE + 1, -62_167_219_200_000L}) {
            accepts(anyTime, "" + millis, millis);
        }
        accepts(anyTime, "-0", 0);
        accepts(anyTime, "\"1970-01-01T00:00:00Z\"", 0);
        accepts(
                anyTime,
                "\"0000-01-01T00:00:00Z\"",
                Instant.parse("0000-01-01T00:00:00Z").toEpochMilli());
    }

    @Test
    void refusesWhatIsNoTimestamp() {
        for (String text : List.of(
                "1763900000000.0",
                "1.7639e12",
                "1763900000e3",
                "9223372036854775808",
                "-9223372036854775809",
                "true",
                "[1]",
                "{}",
                "\"\"",
                "\"1763900000000\"",
                "\"2025-09-17\"",
                "\"2025-09-17T13:45:23\"",
                "\"2025-09-17 13:45:23Z\"",
                "\"2025-02-29T13:45:23Z\"",
                "\"2025-13-01T13:45:23Z\"",
                "\"2025-09-31T13:45:23Z\"",
                "\"2025-09-17T24:00:00Z\"",
                "\"2025-09-17T13:60:23Z\"",
                "\"2025-09-17T13:45:60Z\"",
                "\"2025-09-17T13:45:23.Z\"",
                "\"2025-09-17T13:45:23.1\"",
                "\"2025-09-17T13:45:23+2\"",
                "\"2025-09-17T13:45:23+02:6\"",
                "\"2025-09-17T13:45:23+24:00\"",
                "\"2025-09-17T13:45:23+02-00\"",
                "\"2025-09-17T13:45:23Zx\"",
                "\"+025-09-17T13:45:23Z\"",
                "\"2025-0a-17T13:45:23Z\"",
                "\"2025-09-00T13:45:23Z\"",
                "\"2025-09-17T13:45:23\\u0000\"")) {
            rejects(text, RejectReason.TIMESTAMP);
        }
    }

    @Test
    void readsZonesAndFractions() {
        accepts(anyTime, "\"2025-09-17T13:45:23.123Z\"", 1758116723123L);
        accepts(anyTime, "\"2025-09-17t13:45:23.1239999z\"", 1758116723123L);
        accepts(anyTime, "\"2025-09-17T13:45:23.1Z\"", 1758116723100L);
        accepts(anyTime, "\"2025-09-17T15:45:23+02:00\"", 1758116723000L);
        accepts(anyTime, "\"2025-09-17T15:45:23+0200\"", 1758116723000L);
        accepts(anyTime, "\"2025-09-17T15:45:23+02\"", 1758116723000L);
        accepts(anyTime, "\"2025-09-17T10:15:23.5-03:30\"", 1758116723500L);
        accepts(anyTime, "\"2024-02-29T23:59:59.999-00:00\"", 1709251199999L);
    }

    @Test
    void agreesWithTheClassLibraryOnRandomDates() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("TimestampTest seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String date = String.format(
                    "%04d-%02d-%02dT%02d:%02d:%02d.%03d%s",
                    random.nextInt(10_000),
                    1 + random.nextInt(12),
                    1 + random.nextInt(31),
                    random.nextInt(24),
                    random.nextInt(60),
                    random.nextInt(60),
                    random.nextInt(1000),
                    List.of("Z", "+05:30", "-11:00").get(random.nextInt(3)));
            long wanted;
            try {
                wanted = OffsetDateTime.parse(date).toInstant().toEpochMilli();
            } catch (java.time.DateTimeException e) {
                wanted = IsoTimestamp.NONE;
            }
            assertThat(IsoTimestamp.millis(date.toCharArray(), 0, date.length()))
                    .as(date)
                    .isEqualTo(wanted);
        }
    }

    private static void accepts(Probe probe, String text, long millis) {
        assertThat(probe.parse(request(text))).isTrue();
        assertThat(probe.errors()).isEmpty();
        assertThat(probe.batch.timestampsMillis()[0]).isEqualTo(millis);
    }

    private void rejects(String text, RejectReason reason) {
        assertThat(probe.parse(request(text))).isTrue();
        assertThat(probe.report.rejectedBy(reason)).as(text).isEqualTo(1);
        assertThat(probe.report.errorField(0)).isEqualTo("timestamp");
    }

    private static String request(String timestamp) {
        return "{\"metrics\":[{\"name\":\"a\",\"value\":1,\"timestamp\":" + timestamp + "}]}";
    }
}

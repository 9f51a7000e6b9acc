package io.metricstream.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A parser that remembers against one that does not, over one series table: whatever the bytes, both say the same, down
 * to the bits of values, the refs, and the texts, lines and columns of errors.
 *
 * <p>{@code -Dfuzz.seconds=N} sets how long, {@code -Dseed=N} where to begin.
 */
class DifferentialFuzzTest {
    private static final long SECONDS = Long.getLong("fuzz.seconds", 6);
    private static final ParseLimits LIMITS = new ParseLimits(40, 30, 4, 10, 30, 30L * 24 * 3600 * 1000, 600_000);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private long bodies;
    private long samples;

    @Test
    void bothPathsSayTheSameOfMutatedBodies() {
        System.out.println("DifferentialFuzzTest seed=" + seed);
        long until = System.nanoTime() + SECONDS * 1_000_000_000L;
        while (System.nanoTime() < until) {
            round(new int[] {1 << 13, 1 << 15, 1 << 20}[random.nextInt(3)]);
        }
        System.out.println("DifferentialFuzzTest bodies=" + bodies + " samples=" + samples);
    }

    @Test
    void arbitraryBytesNeverThrow() {
        Pair pair = new Pair(1 << 20);
        for (int i = 0; i < 20_000; i++) {
            byte[] body = new byte[random.nextInt(60)];
            random.nextBytes(body);
            if (random.nextBoolean()) {
                String alphabet = "{}[]\",:\\ \n-0123456789.eEtrufalsn\"metrics\"";
                for (int k = 0; k < body.length; k++) {
                    body[k] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
                }
            }
            pair.compare(body, BodyFormat.JSON);
            pair.compare(body, BodyFormat.NDJSON);
        }
    }

    private void round(long memoryBytes) {
        BodyMaker maker = new BodyMaker(random);
        Pair pair = new Pair(memoryBytes);
        List<byte[]> seen = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            BodyFormat format = random.nextInt(4) == 0 ? BodyFormat.NDJSON : BodyFormat.JSON;
            byte[] body = maker.body(format);
            seen.add(body);
            pair.compare(body, format);
            for (int k = random.nextInt(12); k > 0; k--) {
                byte[] other = seen.get(random.nextInt(seen.size()));
                pair.compare(maker.mutate(random.nextInt(3) == 0 ? body : other, body), format);
            }
        }
    }

    private final class Pair {
        private final SeriesTable series = new SeriesTable(SeriesLimits.of(1_000_000, 1 << 28));
        private final Probe remembering;
        private final Probe plain;

        Pair(long memoryBytes) {
            remembering = new Probe(LIMITS, series, memoryBytes);
            plain = new Probe(LIMITS, series, 0);
        }

        void compare(byte[] body, BodyFormat format) {
            int offset = random.nextInt(3) == 0 ? random.nextInt(9) : 0;
            byte[] framed = new byte[offset + body.length + random.nextInt(9)];
            random.nextBytes(framed);
            System.arraycopy(body, 0, framed, offset, body.length);
            boolean wanted = plain.parse(framed, offset, body.length, format);
            boolean found = remembering.parse(framed, offset, body.length, format);
            String said = remembering.everything();
            if (found != wanted || !said.equals(plain.everything())) {
                String text = new String(body, StandardCharsets.ISO_8859_1);
                assertThat(found + said).as("seed=%d body=%s", seed, text).isEqualTo(wanted + plain.everything());
            }
            bodies++;
            samples += plain.batch.count();
            if (random.nextInt(8) != 0) {
                plain.adoptNewSeries();
            }
        }
    }
}

package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Feeds damaged requests. Whatever they are, it makes no difference in which pieces they come, nothing but refusals comes
 * of it, and every sample is accounted for. {@code -Dfuzz.seconds} makes it longer than the two seconds of every build.
 */
final class PipelineFuzzTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long SECONDS = Long.getLong("fuzz.seconds", 2);
    private static final HttpConfig CONFIG = PipelineRig.config(new HttpLimits(256, 512, 4096));

    private record Outcome(List<String> answers, boolean closed, long stored, long received) {}

    @Test
    void answersDamagedRequestsTheSameInWhateverPieces() {
        System.out.println("PipelineFuzzTest: seed=" + SEED + ", seconds=" + SECONDS);
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        int rounds = 0;
        var rig = new PipelineRig(CONFIG);
        for (; System.nanoTime() < end; rounds++) {
            long seed = SEED + rounds;
            byte[] bytes = AnswerReader.latin1(new RequestMaker(new Random(seed)).damaged());
            try {
                Outcome whole = feed(rig, bytes, new Random(seed), Math.max(1, bytes.length));
                assertThat(feed(rig, bytes, new Random(seed), 40)).isEqualTo(whole);
                assertThat(feed(rig, bytes, new Random(seed), 1)).isEqualTo(whole);
                if (rounds % 100 == 99) {
                    rig.close();
                    rig = new PipelineRig(CONFIG);
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dseed=" + seed + ": " + Requests.latin1(bytes), e);
            }
        }
        rig.close();
        System.out.println("PipelineFuzzTest: rounds=" + rounds);
    }

    private static Outcome feed(PipelineRig rig, byte[] bytes, Random random, int longest) {
        long storedBefore = rig.services.stats().stored();
        long receivedBefore = rig.services.stats().received();
        Peer peer = rig.connect();
        for (int at = 0; at < bytes.length && !peer.isClosed(); ) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(longest));
            peer.send(Arrays.copyOfRange(bytes, at, to));
            at = to;
        }
        rig.storeAll();
        boolean closed = peer.isClosed();
        if (!closed) {
            peer.endInput();
            rig.storeAll();
        }
        assertThat(peer.isClosed()).isTrue();
        List<HttpAnswer> answers = peer.answers();
        answers.forEach(answer ->
                assertThat(answer.status()).isIn(100, 200, 204, 400, 404, 405, 408, 413, 414, 415, 417, 431, 505));
        // Nothing follows an answer that says it is the last.
        answers.subList(0, Math.max(0, answers.size() - 1))
                .forEach(answer -> assertThat(answer.closes()).isFalse());
        if (closed) {
            assertThat(answers.get(answers.size() - 1).closes()).isTrue();
        }
        peer.close();
        return new Outcome(
                answers.stream()
                        .filter(answer -> answer.status() != 100)
                        .map(PipelineFuzzTest::word)
                        .toList(),
                closed,
                rig.services.stats().stored() - storedBefore,
                rig.services.stats().received() - receivedBefore);
    }

    /** A head with several faults is refused for the one that is seen first, and that depends on the pieces. */
    private static String word(HttpAnswer answer) {
        return switch (answer.status()) {
            case 414, 431 -> "400bad_http";
            default -> answer.status() + (answer.status() < 400 ? "" : answer.code());
        };
    }

    @Test
    void answersEveryGoodRequest() {
        for (int round = 0; round < 100; round++) {
            var random = new Random(SEED + round);
            var maker = new RequestMaker(random);
            int count = 1 + random.nextInt(8);
            var text = new StringBuilder();
            for (int i = 0; i < count; i++) {
                text.append(maker.good());
            }
            try (var rig = new PipelineRig()) {
                Peer peer = rig.connect().send(text.toString());
                rig.storeAll();
                assertThat(peer.statuses())
                        .as("seed=%d", SEED + round)
                        .hasSize(count)
                        .containsOnly(200);
            }
        }
    }
}

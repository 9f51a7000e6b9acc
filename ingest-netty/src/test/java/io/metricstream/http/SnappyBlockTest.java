package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

final class SnappyBlockTest {
    private static byte[] inflate(byte[] block) throws IOException {
        long claimed = SnappyBlock.claimedBytes(block, block.length);
        byte[] into = new byte[(int) claimed + 3];
        Arrays.fill(into, (byte) 7);
        SnappyBlock.inflate(block, block.length, into, (int) claimed);
        assertThat(Arrays.copyOfRange(into, (int) claimed, into.length))
                .as("behind what was claimed")
                .containsOnly(7);
        return Arrays.copyOf(into, (int) claimed);
    }

    private static void refuses(String text, int... block) {
        byte[] bytes = new byte[block.length];
        for (int i = 0; i < block.length; i++) {
            bytes[i] = (byte) block[i];
        }
        assertThatThrownBy(() -> inflate(bytes)).isInstanceOf(IOException.class).hasMessageContaining(text);
    }

    @Test
    void unpacksWhatWasPacked() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("SnappyBlockTest seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] plain = new byte[random.nextInt(random.nextInt(200_000) + 1)];
            int letters = 1 + random.nextInt(256);
            int back = 1 + random.nextInt(100_000);
            for (int i = 0; i < plain.length; i++) {
                plain[i] = (byte) (i >= back && random.nextInt(60) > 0 ? plain[i - back] : random.nextInt(letters));
            }
            assertThat(Arrays.equals(inflate(RemoteWrites.snappy(plain)), plain))
                    .isTrue();
        }
    }

    /** Read by the reference's own code. */
    @Test
    void packsPieceByPiece() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("SnappyBlockTest seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] plain = new byte[round == 0 ? 0 : random.nextInt(random.nextInt(200_000) + 1)];
            int letters = 1 + random.nextInt(256);
            for (int i = 0; i < plain.length; i++) {
                plain[i] = (byte) random.nextInt(letters);
            }
            var packed = new ByteArrayOutputStream();
            SnappyBlock.begin(plain.length, packed);
            int pieceBytes = random.nextBoolean() ? SnappyBlock.PIECE_BYTES : 1 + random.nextInt(1000);
            for (int at = 0; at < plain.length; at += pieceBytes) {
                byte[] piece = Arrays.copyOfRange(plain, at, Math.min(plain.length, at + pieceBytes));
                SnappyBlock.deflate(piece, piece.length, packed);
            }
            assertThat(Snappy.uncompress(packed.toByteArray())).isEqualTo(plain);
        }
    }

    @Test
    void refusesWhatDoesNotHoldWhatItClaims() {
        refuses("does not begin with its length");
        refuses("does not begin with its length", 0x80);
        refuses("does not begin with its length", 0x80, 0x80, 0x80, 0x80, 0x80, 1);
        refuses("claims to hold 4294967295 bytes, which 5 bytes cannot hold", 0xff, 0xff, 0xff, 0xff, 0x0f);
        refuses("claims to hold 3 bytes and holds 0", 3);
        refuses("claims to hold 3 bytes and holds 2", 3, 1 << 2, 'a', 'b');
        refuses("", 1, 1 << 2, 'a', 'b');
        refuses("holds more", 0, 0, 'a');
        refuses("holds more", 1, 0, 'a', 4, 'b');
        // A copy of what lies before the beginning, and one of nothing.
        refuses("", 8, 0, 'a', 1, 9);
        refuses("", 8, 0, 'a', 1, 0);
        // A literal of 2^32 - 1 bytes.
        refuses("", 8, 63 << 2, 0xff, 0xff, 0xff, 0xff, 'a');
    }

    @Test
    void failsInNoOtherWayWhateverTheBytes() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("SnappyBlockTest seed " + seed);
        var random = new Random(seed);
        byte[] whole = RemoteWrites.snappy("some text, some text, and another text"
                .repeat(20)
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        for (int round = 0; round < 50_000; round++) {
            byte[] block = Arrays.copyOf(whole, random.nextInt(3) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int i = 1 + random.nextInt(3); i > 0 && block.length > 0; i--) {
                block[random.nextInt(block.length)] = (byte) random.nextInt();
            }
            try {
                inflate(block);
            } catch (IOException refused) {
                assertThat(refused).hasMessageMatching("(?s).+");
            }
        }
    }
}

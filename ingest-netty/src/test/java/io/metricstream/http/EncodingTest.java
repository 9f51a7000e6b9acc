package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Compressed bodies: what is unpacked, and what is refused. */
final class EncodingTest {
    private static final int MAX_BODY = 1 << 20;

    private final PipelineRig rig = new PipelineRig(PipelineRig.config(new HttpLimits(512, 1024, MAX_BODY)));
    private final Peer peer = rig.connect();

    @AfterEach
    void leavesNothingBehind() {
        rig.close();
    }

    private HttpAnswer post(String encoding, byte[] body) {
        String head = Requests.request("POST", "/metrics", "Content-Encoding: " + encoding);
        peer.send(join(AnswerReader.latin1(head + "Content-Length: " + body.length + "\r\n\r\n"), body));
        rig.storeAll();
        return peer.answer();
    }

    private void takes(String encoding, int metrics, byte[] body) {
        HttpAnswer answer = post(encoding, body);
        assertThat(answer.text()).isEqualTo("{\"success\":true,\"metrics_processed\":" + metrics + "}");
    }

    /** Refused, and the connection goes on, as it is known where the body ends. */
    private void refuses(String encoding, int status, byte[] body) {
        HttpAnswer answer = post(encoding, body);
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(status == 413 ? "body_too_large" : "invalid_encoding");
        assertThat(peer.isClosed()).isFalse();
    }

    private static byte[] gzip(String text) {
        return gzip(AnswerReader.latin1(text));
    }

    private static byte[] gzip(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /** A member with all that may stand in a header. */
    private static byte[] gzipWithAllFields(String text) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 1 + 2 + 4 + 8 + 16, 1, 2, 3, 4, 0, 3});
        out.writeBytes(new byte[] {3, 0, 'a', 0, 'b'});
        out.writeBytes(AnswerReader.latin1("metrics.json\0"));
        out.writeBytes(AnswerReader.latin1("a comment\0"));
        var crc = new CRC32();
        crc.update(out.toByteArray());
        out.write((int) crc.getValue());
        out.write((int) (crc.getValue() >> 8));
        byte[] plain = gzip(text);
        out.write(plain, 10, plain.length - 10);
        return out.toByteArray();
    }

    private static byte[] zstd(String text) {
        return Zstd.compress(AnswerReader.latin1(text));
    }

    private static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    @Test
    void takesPlainBodies() {
        takes("identity", 1, AnswerReader.latin1(Requests.ONE));
        takes("Identity", 1, AnswerReader.latin1(Requests.ONE));
        takes("", 1, AnswerReader.latin1(Requests.ONE));
    }

    @Test
    void unpacksWhatOneClientOrAnotherSends() throws IOException {
        String body = Requests.metrics(1000);
        String half = body.substring(0, body.length() / 2);
        String rest = body.substring(body.length() / 2);
        takes("gzip", 1000, gzip(body));
        takes("x-gzip", 1000, gzip(body));
        takes("GZIP", 1000, gzip(body));
        takes("gzip", 1000, join(gzip(half), gzip(""), gzip(rest)));
        takes("gzip", 1000, gzipWithAllFields(body));
        takes("gzip", 1000, join(gzipWithAllFields(half), gzipWithAllFields(rest)));
        takes("zstd", 1000, zstd(body));
        takes("Zstd", 1000, Zstd.compress(AnswerReader.latin1(body), 19));
        takes("zstd", 1000, join(zstd(half), zstd(rest)));
        takes("zstd", 1000, join(skippable(50), zstd(half), skippable(0), zstd(rest), skippable(3)));
        takes("zstd", 1000, streamed(body));
    }

    private static byte[] skippable(int length) {
        return join(new byte[] {0x50, 0x2a, 0x4d, 0x18, (byte) length, 0, 0, 0}, new byte[length]);
    }

    /** Without the length of its content, and with a checksum. */
    private static byte[] streamed(String body) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zstd = new ZstdOutputStreamNoFinalizer(out)) {
            zstd.setChecksum(true);
            for (byte b : AnswerReader.latin1(body)) {
                zstd.write(b);
            }
        }
        return out.toByteArray();
    }

    @Test
    void unpacksChunkedBodies() {
        String gzip = Requests.latin1(gzip(Requests.ONE));
        for (int size = 1; size <= gzip.length(); size++) {
            peer.send(Requests.chunked(gzip, size, "Content-Encoding: gzip"));
            rig.storeAll();
            assertThat(peer.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void refusesBodiesCutAnywhere() {
        byte[] gzip = gzipWithAllFields(Requests.ONE);
        for (int length = 0; length < gzip.length; length++) {
            refuses("gzip", 400, Arrays.copyOf(gzip, length));
        }
        byte[] zstd = zstd(Requests.ONE);
        for (int length = 1; length < zstd.length; length++) {
            refuses("zstd", 400, Arrays.copyOf(zstd, length));
        }
        refuses("gzip", 400, join(gzip(Requests.ONE), half(gzip(Requests.ONE))));
        refuses("zstd", 400, join(zstd(Requests.ONE), half(zstd(Requests.ONE))));
    }

    @Test
    void refusesWhatFollowsTheLastMember() {
        for (int length = 1; length < 40; length++) {
            refuses("gzip", 400, join(gzip(Requests.ONE), new byte[length]));
            refuses("zstd", 400, join(zstd(Requests.ONE), new byte[length]));
        }
        refuses("gzip", 400, join(gzip(Requests.ONE), AnswerReader.latin1(Requests.ONE)));
        refuses("gzip", 400, join(gzip(Requests.ONE), new byte[10_000]));
        refuses("zstd", 400, join(zstd(Requests.ONE), AnswerReader.latin1(Requests.ONE)));
    }

    @Test
    void refusesBytesThatAreNotSoEncoded() {
        byte[] plain = AnswerReader.latin1(Requests.ONE);
        refuses("gzip", 400, plain);
        refuses("zstd", 400, plain);
        refuses("gzip", 400, zstd(Requests.ONE));
        refuses("zstd", 400, gzip(Requests.ONE));
        refuses("gzip", 400, new byte[0]);
        refuses("gzip", 400, raw(Requests.ONE, true));
        refuses("gzip", 400, raw(Requests.ONE, false));
    }

    private static byte[] raw(String text, boolean nowrap) {
        var deflater = new Deflater(9, nowrap);
        deflater.setInput(AnswerReader.latin1(text));
        deflater.finish();
        byte[] out = new byte[1000];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    @Test
    void refusesDamagedBodiesOrReadsWhatWasMeant() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("EncodingTest: seed=" + seed);
        var random = new Random(seed);
        String body = Requests.metrics(20);
        for (byte[] good : new byte[][] {gzipWithAllFields(body), Zstd.compress(AnswerReader.latin1(body))}) {
            String encoding = good[0] == 0x1f ? "gzip" : "zstd";
            for (int round = 0; round < 500; round++) {
                byte[] bad = good.clone();
                for (int flips = random.nextInt(3); flips >= 0; flips--) {
                    bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
                }
                HttpAnswer answer = post(encoding, bad);
                // Not every field of a header is covered by a checksum, and a frame of zstd need not have one.
                assertThat(answer.status()).as("seed=%d", seed).isIn(200, 400, 413);
                if (encoding.equals("gzip") && answer.status() == 200) {
                    assertThat(answer.text()).isEqualTo("{\"success\":true,\"metrics_processed\":20}");
                }
            }
        }
    }

    @Test
    void unpacksNoMoreThanTheLimit() {
        byte[] full = AnswerReader.latin1(Requests.ONE + " ".repeat(MAX_BODY - Requests.ONE.length()));
        takes("gzip", 1, gzip(full));
        takes("zstd", 1, Zstd.compress(full));
        byte[] over = Arrays.copyOf(full, MAX_BODY + 1);
        over[MAX_BODY] = ' ';
        refuses("gzip", 413, gzip(over));
        refuses("zstd", 413, Zstd.compress(over));
    }

    @Test
    void countsWhatIsUnpackedAsMemoryOfBodies() {
        byte[] body = gzip(Requests.metrics(3000));
        var limits = new HttpLimits(512, 1024, MAX_BODY);
        var config = new HttpConfig(
                "127.0.0.1", 0, 1, 100, Duration.ZERO, MAX_BODY, 1 << 20, 2, "", limits, HttpTimeouts.DEFAULT);
        try (var small = new PipelineRig(config)) {
            String head = Requests.request("POST", "/metrics", "Content-Encoding: gzip") + "Content-Length: "
                    + body.length + "\r\n\r\n";
            Peer sending = small.connect();
            byte[] whole = join(AnswerReader.latin1(head), body);
            assertThat(small.bodyMemory.tryTake(MAX_BODY, 0)).isTrue();
            assertThat(sending.send(whole).run().answer().code()).isEqualTo("busy");
            small.bodyMemory.giveBack(MAX_BODY);
            sending.send(whole);
            small.storeAll();
            assertThat(sending.answer().status()).as("alone").isEqualTo(200);
        }
    }

    @Test
    void refusesBombs() {
        byte[] nothing = new byte[64 << 20];
        byte[] gzip = gzip(nothing);
        byte[] zstd = Zstd.compress(nothing);
        assertThat(gzip).hasSizeLessThan(MAX_BODY);
        long before = usedHeap();
        for (int i = 0; i < 5; i++) {
            refuses("gzip", 413, gzip);
            refuses("zstd", 413, zstd);
        }
        assertThat(usedHeap() - before).as("heap that bombs left behind").isLessThan(32 << 20);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void refusesBodiesThatCostTimeAndMakeNothing() {
        byte[] empty = gzip("");
        byte[] many = new byte[empty.length * 1001];
        for (int at = 0; at < many.length; at += empty.length) {
            System.arraycopy(empty, 0, many, at, empty.length);
        }
        refuses("gzip", 400, many);
    }

    @Test
    void refusesWindowsThatTakeMuchMemory() {
        // Magic number, then a frame with a window of 2 GiB and one empty last block.
        refuses("zstd", 400, new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0x00, (byte) (21 << 3), 0x01, 0x00, 0x00
        });
    }

    @Test
    void startsAfreshAfterEachBody() {
        for (int i = 0; i < 3; i++) {
            refuses("gzip", 400, half(gzip(Requests.ONE)));
            takes("gzip", 1, gzip(Requests.ONE));
            refuses("zstd", 400, half(zstd(Requests.ONE)));
            takes("zstd", 1, zstd(Requests.ONE));
        }
    }
}

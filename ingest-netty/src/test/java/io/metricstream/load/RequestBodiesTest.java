package io.metricstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

final class RequestBodiesTest {
    private static Fleet fleet() {
        return new Fleet(new FleetPlan(10, 1), 0, 1, () -> 1_763_900_000_000L);
    }

    private static byte[] next(RequestBodies bodies) {
        ByteBuf body = bodies.next(PooledByteBufAllocator.DEFAULT);
        try {
            byte[] bytes = new byte[body.readableBytes()];
            body.readBytes(bytes);
            return bytes;
        } finally {
            body.release();
        }
    }

    @Test
    void compressedBodiesHoldWhatPlainOnesDo() throws IOException {
        try (var plain = new RequestBodies(fleet(), 500, false);
                var packed = new RequestBodies(fleet(), 500, true)) {
            for (int i = 0; i < 5; i++) {
                byte[] bytes = next(packed);
                byte[] expected = next(plain);
                assertThat(bytes.length).isLessThan(expected.length / 5);
                assertThat(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes())
                        .isEqualTo(expected);
            }
        }
    }
}

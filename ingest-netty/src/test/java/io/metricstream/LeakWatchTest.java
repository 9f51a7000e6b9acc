package io.metricstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeakWatchTest {
    @Test
    void findsBuffersThatNobodyReleased() {
        loseTwo();
        List<String> found = new ArrayList<>();
        for (int attempt = 0; attempt < 100 && found.size() < 2; attempt++) {
            found.addAll(LeakWatch.leaks());
        }
        assertThat(found).hasSize(2).allMatch(leak -> leak.contains("loseTwo"));
    }

    @Test
    void leavesReleasedBuffersAlone() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
        assertThat(LeakWatch.leaks()).isEmpty();
    }

    private static void loseTwo() {
        ByteBuf pooled = PooledByteBufAllocator.DEFAULT.directBuffer(16);
        ByteBuf unpooled = UnpooledByteBufAllocator.DEFAULT.directBuffer(16);
        pooled.writeByte(1);
        unpooled.writeByte(1);
    }
}

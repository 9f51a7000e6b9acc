package io.metricstream.promql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The test values that are published with XXH64. */
final class LabelHashTest {
    private static long hash(String text) {
        return LabelHash.xxh64(
                ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).order(ByteOrder.LITTLE_ENDIAN));
    }

    @Test
    void hashesAsPublished() {
        assertThat(hash("")).isEqualTo(0xef46db3751d8e999L);
        assertThat(hash("a")).isEqualTo(0xd24ec4f1a98c6e5bL);
        assertThat(hash("as")).isEqualTo(0x1c330fb2d66be179L);
        assertThat(hash("asd")).isEqualTo(0x631c37ce72a97393L);
        assertThat(hash("asdf")).isEqualTo(0x415872f599cea71eL);
        assertThat(hash("Call me Ishmael. Some years ago--never mind how long precisely-"))
                .isEqualTo(0x02a2e85470d6fd96L);
    }
}

package io.metricstream.promql.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The order of {@code sort_by_label}. What is expected was worked out by hand from the reference's code, for Debian's promtool does
 * not know the function: {@code promql/functions.go} of Prometheus, and {@code natsort.go} of {@code facette/natsort}, which it uses.
 */
final class NaturalOrderTest {
    private final long seed = Long.getLong("seed", System.nanoTime());

    private static void ascend(String... texts) {
        for (int i = 0; i < texts.length; i++) {
            for (int j = 0; j < texts.length; j++) {
                assertThat(Integer.signum(NaturalOrder.compare(texts[i], texts[j])))
                        .as("%s, %s", texts[i], texts[j])
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void ordersNumbersAsNumbers() {
        ascend("", "node", "node1", "node2", "node10", "node10a", "node10b", "nodes");
        ascend("1.2.3", "1.2.10", "1.10", "2");
        ascend("9", "10", "99999999999999999999", "100000000000000000000");
    }

    @Test
    void comparesAllElseByteByByte() {
        ascend("A", "B", "a", "aA", "aa");
        // Before digits comes what has smaller bytes than they have, whatever ends there.
        ascend("node-1", "node.1", "node1", "node:1", "node_1");
        ascend("-1", "-2", "-10", "1");
        ascend("z", "\u00e4", "\uffee", "\ud83d\ude00");
    }

    /** Zeros before a number do not count; where nothing else differs, the reference leaves series in the order of their labels. */
    @Test
    void passesOverZeros() {
        ascend("0", "00", "001", "01", "1", "2", "02a", "003");
        ascend("a01b1", "a1b1", "a01b2", "a1b2");
    }

    /** A zero is passed over before anything, and what it stood before counts as the first digit. */
    @Test
    void takesWhatFollowsZerosForADigit() {
        // "x" is one digit as "1" is, and greater; ".5" has two.
        ascend("1", "9", "0x", "10", "0x5", "100");
        ascend("1.5", "2", "0.5", "0.25", "0.125");
        ascend("1s", "30s", "0s9", "0m30s");
    }

    /** A sort that finds an order contradicting itself fails. */
    @Test
    void isAnOrder() {
        System.out.println("NaturalOrderTest: -Dseed=" + seed);
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                var text = new StringBuilder();
                for (int length = random.nextInt(6); length > 0; length--) {
                    text.append("0019a.-\u00e4".charAt(random.nextInt(8)));
                }
                texts.add(text.toString());
            }
            texts.sort(NaturalOrder::compare);
            for (int i = 0; i < texts.size(); i++) {
                for (int j = i; j < texts.size(); j++) {
                    boolean equal = texts.get(i).equals(texts.get(j));
                    assertThat(NaturalOrder.compare(texts.get(i), texts.get(j)) == 0)
                            .isEqualTo(equal);
                    assertThat(NaturalOrder.compare(texts.get(i), texts.get(j)))
                            .as("seed=%d, %s", seed, texts)
                            .isLessThanOrEqualTo(0);
                    assertThat(NaturalOrder.compare(texts.get(j), texts.get(i))).isGreaterThanOrEqualTo(0);
                }
            }
        }
    }
}

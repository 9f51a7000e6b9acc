package io.metricstream.ring;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * The shipped hand-shake between producers and the parked consumer, over and over at the moment where the consumer is
 * about to park. Forbidden: something was published, and the consumer sleeps on until its time-out.
 */
final class ParkingWaitTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long RUN_NANOS = 1_200_000_000L;
    /** The consumer would sleep for much longer than a round may take on the slowest machine. */
    private static final long TIMEOUT_NANOS = 600_000_000_000L;

    private static final long ROUND_LIMIT_NANOS = 30_000_000_000L;

    private static final class Slot {
        private AtomicLong answer;
    }

    @Test
    void neverSleepsThroughAPublication() throws Exception {
        System.out.println("ParkingWaitTest: seed=" + SEED);
        var wait = new ParkingWait(new GroupPace(() -> 0), TIMEOUT_NANOS);
        RingBuffer<Slot> ring = RingBuffer.create(ProducerType.MULTI, Slot::new, 64, wait);
        var consumersOwn = new SplittableRandom(SEED + 1);
        EventHandler<Slot> handler = (slot, sequence, endOfBatch) -> {
            slot.answer.incrementAndGet();
            dawdle(consumersOwn);
        };
        BatchEventProcessor<Slot> consumer = new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), handler);
        ring.addGatingSequences(consumer.getSequence());
        var consumerThread = new Thread(consumer, "consumer");
        consumerThread.start();

        String failure = produce(ring, new SplittableRandom(SEED));
        consumer.halt();
        consumerThread.join();
        assertThat(failure).isEmpty();
    }

    /**
     * Publishes, waits until it was consumed, dawdles so that the consumer is just about to park, and again. There is
     * one producer, for another one would wake the consumer that this one let sleep.
     */
    private static String produce(RingBuffer<Slot> ring, SplittableRandom random) {
        var answer = new AtomicLong();
        long end = System.nanoTime() + RUN_NANOS;
        long round = 0;
        while (System.nanoTime() < end) {
            round++;
            long sequence = ring.next();
            ring.get(sequence).answer = answer;
            ring.publish(sequence);
            long limit = System.nanoTime() + ROUND_LIMIT_NANOS;
            while (answer.get() < round) {
                Thread.onSpinWait();
                if (System.nanoTime() > limit) {
                    return "round " + round + ": published and not consumed";
                }
            }
            dawdle(random);
        }
        System.out.println("ParkingWaitTest: rounds=" + round);
        return "";
    }

    /** Lets both sides meet at every point of the hand-shake. */
    private static void dawdle(SplittableRandom random) {
        for (int spins = random.nextInt(20); spins > 0; spins--) {
            Thread.onSpinWait();
        }
    }
}

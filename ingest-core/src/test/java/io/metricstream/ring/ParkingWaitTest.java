package io.metricstream.ring;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * The shipped hand-shake between a producer and the parked consumer, over and over at the moment where the consumer is
 * about to park. Forbidden: something was published, and the consumer sleeps on until its time-out.
 */
final class ParkingWaitTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long RUN_NANOS = 1_200_000_000L;
    /** The consumer would sleep for longer than a round may take on the slowest machine. */
    private static final long TIMEOUT_NANOS = 600_000_000_000L;

    private static final long ROUND_LIMIT_NANOS = 30_000_000_000L;

    private final Sequence cursor = new DawdlingSequence(new SplittableRandom(SEED + 1));
    private final Sequence consumed = new Sequence();
    private final ParkingWait wait = new ParkingWait(new GroupPace(() -> 0), TIMEOUT_NANOS);

    /** Takes its time between the reading of its value and the return, so that the moment is long enough to be hit. */
    private static final class DawdlingSequence extends Sequence {
        private final SplittableRandom random;

        DawdlingSequence(SplittableRandom random) {
            this.random = random;
        }

        @Override
        public long get() {
            long value = super.get();
            dawdle(random);
            return value;
        }
    }

    private static void dawdle(SplittableRandom random) {
        for (int spins = random.nextInt(30); spins > 0; spins--) {
            Thread.onSpinWait();
        }
    }

    @Test
    void neverSleepsThroughAPublication() throws Exception {
        System.out.println("ParkingWaitTest: seed=" + SEED);
        var barrier = RingBuffer.createSingleProducer(Object::new, 2).newBarrier();
        var ended = new AtomicReference<Throwable>();
        var consumer = new Thread(() -> ended.set(consume(barrier)), "consumer");
        consumer.start();
        long rounds = produce();
        barrier.alert();
        wait.signalAllWhenBlocking();
        consumer.join();
        assertThat(ended.get()).isInstanceOf(AlertException.class);
        System.out.println("ParkingWaitTest: rounds=" + rounds);
    }

    private Throwable consume(SequenceBarrier barrier) {
        long next = 0;
        while (true) {
            try {
                long available = wait.waitFor(next, cursor, cursor, barrier);
                consumed.set(available);
                next = available + 1;
            } catch (TimeoutException wokenByALateCall) {
                // A producer that saw it parked may call when it is awake again; it then looks once more.
            } catch (AlertException end) {
                return end;
            }
        }
    }

    /** Publishes as a sequencer does, waits until it was consumed, dawdles, and again; returns how often. */
    private long produce() {
        var random = new SplittableRandom(SEED);
        long end = System.nanoTime() + RUN_NANOS;
        long round = 0;
        for (; System.nanoTime() < end; round++) {
            assertThat(cursor.compareAndSet(round - 1, round)).isTrue();
            wait.signalAllWhenBlocking();
            long limit = System.nanoTime() + ROUND_LIMIT_NANOS;
            while (consumed.get() < round) {
                Thread.onSpinWait();
                if (System.nanoTime() > limit) {
                    throw new AssertionError("round " + round + ": published and not consumed");
                }
            }
            dawdle(random);
        }
        return round;
    }
}

package io.metricstream.ring;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventHandler;
import io.metricstream.model.NanoClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an event loop pays to hand a request of ten samples over, with a consumer that only takes what comes. A full ring
 * is asked again until it has room, as a client would.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class RingHandOverBenchmark {
    private WriteRing ring;
    private BatchEventProcessor<WriteRing.Slot> processor;
    private Thread consumer;

    @State(Scope.Thread)
    public static class Loop {
        private WriteRequest request;

        @Setup
        public void open() {
            request = new WriteRequest(new NoCompletions(), done -> {});
            for (int i = 0; i < 10; i++) {
                request.batch().add(i, i, i);
            }
        }
    }

    private static final class NoCompletions implements Completions {
        @Override
        public int index() {
            return 0;
        }

        @Override
        public void onGroupDone(WriteRequest first) {
            throw new IllegalStateException("nothing is handed back here");
        }
    }

    private static final class Taker implements EventHandler<WriteRing.Slot> {
        private final WriteRing ring;

        Taker(WriteRing ring) {
            this.ring = ring;
        }

        @Override
        public void onEvent(WriteRing.Slot slot, long sequence, boolean endOfBatch) {
            WriteRequest taken = slot.take();
            if (taken == null) {
                throw new IllegalStateException("an empty slot: sequence=" + sequence);
            }
            ring.release(taken.weightBytes());
        }
    }

    @Setup(Level.Trial)
    public void open() {
        var config = new RingConfig(8192, 64 << 20, Duration.ofSeconds(10));
        ring = new WriteRing(config, new ParkingWait(new GroupPace(NanoClock.system()), 100_000_000L));
        processor = new BatchEventProcessorBuilder()
                .build(ring.buffer(), ring.buffer().newBarrier(), new Taker(ring));
        ring.buffer().addGatingSequences(processor.getSequence());
        consumer = new Thread(processor, "consumer");
        consumer.start();
    }

    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
        processor.halt();
        consumer.join();
    }

    @Benchmark
    @Threads(1)
    public void oneLoop(Loop loop) {
        publish(loop);
    }

    @Benchmark
    @Threads(2)
    public void twoLoops(Loop loop) {
        publish(loop);
    }

    private void publish(Loop loop) {
        while (!ring.tryPublish(loop.request)) {
            Thread.onSpinWait();
        }
    }
}

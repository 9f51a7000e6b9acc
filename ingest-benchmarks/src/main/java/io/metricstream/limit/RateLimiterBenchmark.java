package io.metricstream.limit;

import io.metricstream.auth.Authenticator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The cost of one decision. Each thread brings a time of its own that moves on with each call, so that the clock is not
 * measured; {@link #STEP_NANOS} and the limits make the window full of live entries and the answers a mix.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class RateLimiterBenchmark {
    /** 12,500 calls a second: with a limit of 10,000 four in five pass. */
    private static final long STEP_NANOS = 80_000;

    /** About as long as a small request takes on an event loop without its system calls: some microseconds. */
    private static final long WORK_TOKENS = 1000;

    @State(Scope.Benchmark)
    public static class Shared {
        @Param({"0", "10000"})
        public long requestsPerSecond;

        private final AtomicInteger threads = new AtomicInteger();
        private ClientRegistry registry;
        private Client client;
        private Authenticator authenticator;

        @Setup
        public void open() {
            RateLimits limits = new RateLimits(requestsPerSecond, 0, 0);
            registry = new ClientRegistry(RegistryConfig.DEFAULT, limits, 0);
            client = registry.client("fleet", 0);
            for (int i = 0; i < 5000; i++) {
                registry.client("other-" + i, 0);
            }
            authenticator = Authenticator.open();
        }
    }

    @State(Scope.Thread)
    public static class Own {
        private long nowNanos;
        private String name;
        private Client client;

        @Setup
        public void open(Shared shared) {
            name = "client-" + shared.threads.incrementAndGet();
            client = shared.registry.client(name, 0);
        }

        long tick() {
            nowNanos += STEP_NANOS;
            return nowNanos;
        }
    }

    @Benchmark
    @Threads(1)
    public RateDecision oneClient(Shared shared, Own own) {
        return shared.client.tryRequest(own.tick(), 0);
    }

    @Benchmark
    @Threads(1)
    public RateDecision oneClientFoundByName(Shared shared, Own own) {
        long now = own.tick();
        return shared.registry.client(own.name, now).tryRequest(now, 0);
    }

    @Benchmark
    @Threads(1)
    public RateDecision requestAndSamples(Shared shared, Own own) {
        long now = own.tick();
        RateDecision decision = own.client.tryRequest(now, 5000);
        return decision.allowed() ? own.client.trySamples(now, 100) : decision;
    }

    @Benchmark
    @Threads(2)
    public RateDecision twoThreadsOnOneClient(Shared shared, Own own) {
        return shared.client.tryRequest(own.tick(), 0);
    }

    @Benchmark
    @Threads(2)
    public RateDecision twoThreadsOnTwoClients(Own own) {
        return own.client.tryRequest(own.tick(), 0);
    }

    /** As on two event loops, which do other things in between; subtract {@link #workAlone}. */
    @Benchmark
    @Threads(2)
    public RateDecision twoThreadsOnOneClientBetweenWork(Shared shared, Own own) {
        Blackhole.consumeCPU(WORK_TOKENS);
        return shared.client.tryRequest(own.tick(), 0);
    }

    @Benchmark
    @Threads(2)
    public long workAlone(Own own) {
        Blackhole.consumeCPU(WORK_TOKENS);
        return own.tick();
    }

    @Benchmark
    @Threads(1)
    public String nameOfABearerToken(Shared shared) {
        return shared.authenticator
                .authenticate("Bearer abcdefghijklmnopqrstuvwxyz", "192.0.2.7")
                .clientName();
    }
}

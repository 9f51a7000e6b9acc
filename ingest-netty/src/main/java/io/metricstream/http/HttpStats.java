package io.metricstream.http;

import io.metricstream.own.ThreadSafe;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/** The statistics of requests and connections. */
@ThreadSafe("sums of LongAdder, registered on their first use")
final class HttpStats {
    private static final int STATUSES = 600;

    private final MeterRegistry registry;
    private final AtomicReferenceArray<LongAdder> requests =
            new AtomicReferenceArray<>(Route.values().length * STATUSES);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger refusedOpen = new AtomicInteger();
    private final LongAdder bodyBytes = new LongAdder();
    private final LongAdder refusedConnections = new LongAdder();
    private final LongAdder rateLimited = new LongAdder();

    HttpStats(MeterRegistry registry, BodyMemory memory) {
        this.registry = registry;
        Gauge.builder("metricstream.connections", connections, AtomicInteger::get)
                .description("Open connections")
                .register(registry);
        Gauge.builder("metricstream.body.memory", memory, BodyMemory::usedBytes)
                .description("Memory of bodies under way")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder("metricstream.body.received", bodyBytes, LongAdder::sum)
                .description("Bytes of bodies received, before decompression")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder("metricstream.connections.refused", refusedConnections, LongAdder::sum)
                .description("Connections over http.max-connections")
                .register(registry);
        FunctionCounter.builder("metricstream.requests.ratelimited", rateLimited, LongAdder::sum)
                .description("Requests over their client's limit")
                .register(registry);
    }

    /** Shows how much waits for an event loop. */
    void watchTasks(String loop, SingleThreadEventExecutor queue) {
        Gauge.builder("metricstream.eventloop.pending.tasks", queue, SingleThreadEventExecutor::pendingTasks)
                .description("Tasks that wait for an event loop")
                .tag("loop", loop)
                .register(registry);
    }

    @SuppressWarnings("EnumOrdinal") // An index in memory, never stored.
    void onAnswer(Route route, int status) {
        int index = route.ordinal() * STATUSES + status;
        LongAdder count = requests.get(index);
        if (count == null) {
            count = registered(index, route, status);
        }
        count.increment();
    }

    void onBody(int bytes) {
        bodyBytes.add(bytes);
    }

    void onRateLimited() {
        rateLimited.increment();
    }

    long rateLimited() {
        return rateLimited.sum();
    }

    /** Counts a new connection; false where there are too many, and then it is none of them. */
    boolean onOpen(int most) {
        if (connections.incrementAndGet() > most) {
            connections.decrementAndGet();
            refusedConnections.increment();
            refusedOpen.incrementAndGet();
            return false;
        }
        return true;
    }

    void onClose(boolean wasRefused) {
        (wasRefused ? refusedOpen : connections).decrementAndGet();
    }

    /** Refused connections that are not closed yet. */
    int refusedOpen() {
        return refusedOpen.get();
    }

    int connections() {
        return connections.get();
    }

    private LongAdder registered(int index, Route route, int status) {
        var fresh = new LongAdder();
        if (!requests.compareAndSet(index, null, fresh)) {
            return requests.get(index);
        }
        FunctionCounter.builder("metricstream.requests", fresh, LongAdder::sum)
                .description("Requests answered, by route and status")
                .tag("route", route.text())
                .tag("status", String.valueOf(status))
                .register(registry);
        return fresh;
    }
}

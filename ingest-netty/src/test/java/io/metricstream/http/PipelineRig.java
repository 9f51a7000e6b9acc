package io.metricstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.auth.Authenticator;
import io.metricstream.limit.ClientRegistry;
import io.metricstream.limit.RateLimits;
import io.metricstream.limit.RegistryConfig;
import io.metricstream.parse.ParseLimits;
import io.metricstream.ring.ManualWriter;
import io.metricstream.ring.WriteOutcome;
import io.metricstream.ring.WriteRequest;
import io.metricstream.ring.WriteRing;
import io.metricstream.select.Matcher;
import io.metricstream.stats.IngestStats;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The HTTP side without a network and without threads: connections are embedded channels, time stands still until it is
 * moved, and writes are finished when the test says so.
 */
final class PipelineRig implements AutoCloseable {
    /** When the tests happen: 2025-11-23. */
    static final long NOW_MILLIS = 1_763_900_000_000L;

    final ManualWriter writer;
    final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final FakeAdmission admission = new FakeAdmission();
    final FakeAdministration administration = new FakeAdministration();
    final HttpConfig config;
    final HttpServices services;
    final HttpStats stats;
    final BodyMemory bodyMemory;
    final ClientRegistry clients;
    final ApiPages apiPages;
    final Dispatch dispatch;
    final LoopContext loop;
    /**
     * Knows what is not released, exactly and at once; the leak detector, which remembers the stack of each access, would
     * make the fuzzing ten times slower and finds no more.
     */
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

    /** Stands for the event loop, which all connections share. */
    private final EmbeddedChannel home = new EmbeddedChannel();

    private final List<Peer> peers = new ArrayList<>();
    long nowNanos = 1_000_000_000_000L;

    /** Says what the test wants it to say. */
    final class FakeAdmission implements Admission {
        Refusal refusal;
        boolean draining;
        long recoveredBytes;
        long recoveryBytes;

        @Override
        public Refusal check() {
            return refusal;
        }

        @Override
        public WriteRing ring() {
            return writer.ring();
        }

        @Override
        public Refusal ringFull() {
            return Refusal.unavailable("ring_full", "too much waits for the disk", 3);
        }

        @Override
        public Readiness readiness() {
            return new Readiness(
                    refusal, refusal == null ? "writing" : refusal.code(), "fsync", recoveredBytes, recoveryBytes);
        }

        @Override
        public boolean draining() {
            return draining;
        }
    }

    /** Remembers what it is told to do, and does it unless it is told not to. */
    static final class FakeAdministration implements Administration {
        final List<String> done = new ArrayList<>();
        Refusal refusal;

        @Override
        public void delete(List<List<Matcher>> selectors, long fromMillis, long toMillis) throws ApiException {
            remember("delete " + selectors + " " + fromMillis + " " + toMillis);
        }

        @Override
        public String snapshot(boolean withMemory) throws ApiException {
            remember("snapshot " + withMemory);
            return "20260101T000000Z-0123456789abcdef";
        }

        private void remember(String what) throws ApiException {
            if (refusal != null) {
                throw new ApiException(refusal);
            }
            done.add(what);
        }
    }

    PipelineRig() {
        this(config(HttpLimits.DEFAULT));
    }

    PipelineRig(HttpConfig config) {
        this(config, Authenticator.open(), new RateLimits(0, 0, 0), 64);
    }

    PipelineRig(HttpConfig config, Authenticator authenticator, RateLimits rates, int ringSlots) {
        this.config = config;
        writer = new ManualWriter(ringSlots, 64 << 20);
        clients = new ClientRegistry(RegistryConfig.DEFAULT, rates, nowNanos);
        clients.replaceRules(rates, authenticator.limits(rates));
        var series = new SeriesTable(SeriesLimits.of(1000, 1 << 20));
        services = new HttpServices(
                admission,
                administration,
                Map.of(),
                authenticator,
                clients,
                () -> series,
                ParseLimits.DEFAULT,
                new IngestStats(registry),
                registry,
                () -> nowNanos,
                () -> NOW_MILLIS,
                HttpServer.errorLogger());
        bodyMemory = new BodyMemory(config.bodyMemoryBytes());
        stats = new HttpStats(registry, bodyMemory);
        loop = new LoopContext(0, home.eventLoop(), services, config, stats, bodyMemory);
        var adminPages = new AdminPages(administration, Runnable::run);
        apiPages = new ApiPages(services.api(), Runnable::run, Runnable::run, config.timeouts());
        var webFiles = new WebFiles(Runnable::run);
        dispatch = new Dispatch(
                services, config, new InfoPages(services, stats), adminPages, apiPages, webFiles, Runnable::run);
    }

    static HttpConfig config(HttpLimits limits) {
        return config(limits, HttpTimeouts.DEFAULT);
    }

    static HttpConfig config(HttpLimits limits, HttpTimeouts timeouts) {
        return config(limits, timeouts, "");
    }

    static HttpConfig config(HttpLimits limits, HttpTimeouts timeouts, String corsOrigin) {
        return new HttpConfig(
                "127.0.0.1", 0, 1, 100, Duration.ZERO, 64 << 20, 1 << 20, 2, corsOrigin, limits, timeouts);
    }

    /** A new connection. */
    Peer connect() {
        return connect(0);
    }

    /** A new connection whose requests are led by something else. */
    Peer connect(Dispatch other) {
        return add(new Peer(this, other, 0));
    }

    /** A new connection that an answer closes from this time on; 0 for never. */
    Peer connect(long closeAfterNanos) {
        return add(new Peer(this, dispatch, closeAfterNanos));
    }

    private Peer add(Peer peer) {
        peers.add(peer);
        return peer;
    }

    /** Runs what waits for the event loop. */
    void run() {
        home.runPendingTasks();
    }

    void forget(Peer peer) {
        peers.remove(peer);
    }

    /** Stores what waits for the disk writer, lets the answers out, and again until no connection goes on. */
    void storeAll() {
        boolean stored;
        do {
            run();
            stored = writer.storeAll();
            run();
            peers.forEach(Peer::runOwn);
        } while (stored);
    }

    /** Finishes all that waits with one outcome. */
    void finishAll(WriteOutcome outcome) {
        finish(outcome, writer.take());
    }

    /** Finishes these as one group. */
    void finish(WriteOutcome outcome, List<WriteRequest> group) {
        writer.finish(outcome, group);
        run();
    }

    void advance(Duration time) {
        nowNanos += time.toNanos();
        loop.sweep();
        run();
        peers.forEach(Peer::runOwn);
    }

    /** Checks that nothing is left over: no sample unaccounted for, no memory of bodies, no buffer. */
    @Override
    public void close() {
        storeAll();
        List.copyOf(peers).forEach(Peer::close);
        assertThat(home.finishAndReleaseAll()).isFalse();
        IngestStats ingest = services.stats();
        assertThat(ingest.inFlight()).as("samples in flight").isZero();
        assertThat(ingest.received())
                .as("samples received")
                .isEqualTo(ingest.stored()
                        + ingest.rejected()
                        + ingest.withheld()
                        + ingest.limited()
                        + ingest.unavailable());
        assertThat(allocator.metric().usedDirectMemory()).as("buffers").isZero();
        assertThat(allocator.metric().usedHeapMemory()).as("buffers").isZero();
        assertThat(bodyMemory.usedBytes()).as("memory of bodies").isZero();
        assertThat(stats.connections()).as("connections").isZero();
        assertThat(stats.refusedOpen()).as("refused connections").isZero();
    }
}

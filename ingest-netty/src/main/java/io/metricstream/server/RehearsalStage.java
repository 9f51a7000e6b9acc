package io.metricstream.server;

import io.metricstream.api.PrometheusApi;
import io.metricstream.auth.Authenticator;
import io.metricstream.config.ConfigException;
import io.metricstream.config.ConfigKey;
import io.metricstream.config.ConfigKeys;
import io.metricstream.config.ConfigLoader;
import io.metricstream.config.Machine;
import io.metricstream.config.ServerConfig;
import io.metricstream.http.Administration;
import io.metricstream.http.ApiException;
import io.metricstream.http.HttpServer;
import io.metricstream.http.HttpServices;
import io.metricstream.http.Refusal;
import io.metricstream.limit.ClientRegistry;
import io.metricstream.limit.RateLimits;
import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.ThreadSafe;
import io.metricstream.promql.engine.QueryEngine;
import io.metricstream.ring.WritePath;
import io.metricstream.select.Matcher;
import io.metricstream.select.Question;
import io.metricstream.stats.IngestStats;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadReplay;
import io.metricstream.storage.head.Memtable;
import io.metricstream.storage.head.MemtableSink;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.WalRecovery;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A second server of the same parts, on a port that nobody knows, for one key that nobody else has, and with a log that
 * is thrown away. Nothing in it is shared with the server proper but its code.
 *
 * <p>Thread: the rehearsal opens and closes it. Owns: its port, its threads and everything behind them. Limits: a heap
 * share of {@value #HEAP_BYTES} bytes is what its sizes are derived from.
 */
@OwnedBy(Role.REHEARSAL)
final class RehearsalStage implements AutoCloseable {
    private static final long HEAP_BYTES = 16 << 20;
    private static final long OPEN_FILES = 1024;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private final HttpServer http;
    private final WritePath writePath;
    private final Stored stored;

    private RehearsalStage(HttpServer http, WritePath writePath, Stored stored) {
        this.http = http;
        this.writePath = writePath;
        this.stored = stored;
    }

    /** Sets it up with the limits that make a difference to the code; its port takes requests from then on. */
    static RehearsalStage open(ServerConfig like, String key)
            throws ConfigException, StorageFailure, IOException, InterruptedException {
        ServerConfig config = config(like);
        NanoClock clock = NanoClock.system();
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var sink = new Forgetting();
        var head = new Head(config.storage().head(), sink, clock);
        sink.head = head;
        var intake = new Intake(config.storage().wal().durability());
        ExecutorService preallocator =
                Executors.newSingleThreadExecutor(task -> new Thread(task, "rehearsal-preallocator"));
        var disk = new DiscardingDisk();
        Path nowhere = Path.of("rehearsal");
        var recovered = new WalRecovery(disk, nowhere, LogRetention.open(disk, nowhere))
                .open(
                        config.storage().wal(),
                        new HeadReplay(head, -1, new long[0]),
                        new RecoveryProgress(intake, clock),
                        preallocator,
                        clock);
        head.releaseOwner();
        recovered.log().releaseOwner();
        var path = new WritePath(config.ring(), recovered.log(), head, registry, clock);
        path.start();
        try {
            intake.open(path);
            var stored = new Stored(config, registry, clock);
            var engine = new QueryEngine(config.queries(), clock);
            var services = new HttpServices(
                    intake,
                    new NothingStored(),
                    PrometheusApi.queries(stored::ask, engine, EpochClock.system()),
                    Authenticator.only("rehearsal", key),
                    new ClientRegistry(config.clients(), config.rateLimits(), clock.nanos()),
                    head::series,
                    config.parse(),
                    new IngestStats(registry),
                    registry,
                    clock,
                    EpochClock.system(),
                    LoggerFactory.getLogger(LogSetup.REHEARSAL));
            return new RehearsalStage(started(new HttpServer(config.http(), services)), path, stored);
        } catch (IOException | RuntimeException e) {
            path.stop(STOP_TIMEOUT);
            throw e;
        }
    }

    private static HttpServer started(HttpServer http) throws IOException, InterruptedException {
        try {
            http.start();
            return http;
        } catch (IOException | RuntimeException e) {
            http.close();
            throw e;
        }
    }

    int port() {
        return http.port();
    }

    /** From here on queries are answered; the newest samples have this time. */
    void store(long endMillis) throws StorageFailure {
        stored.fill(endMillis);
    }

    @Override
    public void close() {
        try {
            http.stopListening();
            writePath.stop(STOP_TIMEOUT);
            http.close();
            stored.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ServerConfig config(ServerConfig like) throws ConfigException {
        RateLimits limits = like.rateLimits();
        var loader = new ConfigLoader(new Machine(HEAP_BYTES, 1, OPEN_FILES));
        loader.option(ConfigKeys.HTTP_HOST, "127.0.0.1", "rehearsal");
        loader.option(ConfigKeys.HTTP_PORT, "0", "rehearsal");
        loader.option(ConfigKeys.WAL_SEGMENT, "1MiB", "rehearsal");
        loader.option(
                ConfigKeys.DURABILITY, like.storage().wal().durability().name().toLowerCase(Locale.ROOT), "rehearsal");
        // A limit that is on is passed by far, and one that is off stays off: the compiler tells the two apart.
        limit(loader, ConfigKeys.RATE_LIMIT_REQUESTS, limits.requestsPerSecond(), RateLimits.MAX_REQUESTS_PER_SECOND);
        limit(loader, ConfigKeys.RATE_LIMIT_SAMPLES, limits.samplesPerSecond(), RateLimits.MAX_WEIGHT_PER_SECOND);
        limit(loader, ConfigKeys.RATE_LIMIT_BYTES, limits.bytesPerSecond(), RateLimits.MAX_WEIGHT_PER_SECOND);
        return ServerConfig.of(loader.resolve());
    }

    private static void limit(ConfigLoader loader, ConfigKey<Long> key, long configured, long most) {
        loader.option(key, String.valueOf(configured == 0 ? 0 : most), "rehearsal");
    }

    /** Lets go of what memory has no room for. */
    @ThreadSafe("set once, before anything is frozen")
    private static final class Forgetting implements MemtableSink {
        private volatile @Nullable Head head;

        @Override
        public boolean canTake() {
            return true;
        }

        @Override
        public void onFrozen(Memtable frozen) {
            Head from = head;
            if (from != null) {
                from.onFlushed(frozen);
            }
        }
    }

    /** What queries are asked of, once it is there. */
    @ThreadSafe("one volatile field that is set once")
    private static final class Stored {
        private final ServerConfig config;
        private final PrometheusMeterRegistry registry;
        private final NanoClock clock;
        private volatile @Nullable RehearsalStore store;

        Stored(ServerConfig config, PrometheusMeterRegistry registry, NanoClock clock) {
            this.config = config;
            this.registry = registry;
            this.clock = clock;
        }

        void fill(long endMillis) throws StorageFailure {
            store = RehearsalStore.open(config.storage(), registry, clock, endMillis);
        }

        Question ask() throws ApiException {
            RehearsalStore filled = store;
            if (filled == null) {
                throw NothingStored.refused();
            }
            return filled.ask();
        }

        void close() throws InterruptedException {
            RehearsalStore filled = store;
            if (filled != null) {
                filled.close();
            }
        }
    }

    /** There are no parts to change. */
    private record NothingStored() implements Administration {
        @Override
        public void delete(List<List<Matcher>> selectors, long fromMillis, long toMillis) throws ApiException {
            throw refused();
        }

        @Override
        public String snapshot(boolean withMemory) throws ApiException {
            throw refused();
        }

        private static ApiException refused() {
            return new ApiException(Refusal.unavailable("storage_failed", "nothing is stored here", 1));
        }
    }
}

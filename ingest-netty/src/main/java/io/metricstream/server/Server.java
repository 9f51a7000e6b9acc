package io.metricstream.server;

import io.metricstream.api.PrometheusApi;
import io.metricstream.api.ServerFacts;
import io.metricstream.auth.Authenticator;
import io.metricstream.auth.KeyFileException;
import io.metricstream.config.AuthConfig;
import io.metricstream.config.AuthMode;
import io.metricstream.config.ConfigKeys;
import io.metricstream.config.Machine;
import io.metricstream.config.ServerConfig;
import io.metricstream.export.FollowedLog;
import io.metricstream.export.JsonLinesFollower;
import io.metricstream.http.ApiCall;
import io.metricstream.http.ApiException;
import io.metricstream.http.ApiPage;
import io.metricstream.http.HttpServer;
import io.metricstream.http.HttpServices;
import io.metricstream.http.Refusal;
import io.metricstream.limit.ClientRegistry;
import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.promql.engine.QueryEngine;
import io.metricstream.promql.engine.QueryMemory;
import io.metricstream.ring.WritePath;
import io.metricstream.rules.RuleService;
import io.metricstream.rules.file.RuleFileException;
import io.metricstream.select.Question;
import io.metricstream.stats.IngestStats;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.FolderLock;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.RecoveryReport;
import io.metricstream.storage.wal.WalReader;
import io.metricstream.storage.wal.WalRecovery;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms put together and running. {@link #listen} takes the folder and the port, so that {@code /health} and
 * {@code /ready} answer from then on; {@link #recover} reads the log and opens for writes; {@link #stop} undoes both.
 *
 * <p>Thread: one thread listens and recovers; any other may stop, also in the middle of a recovery, which a next start
 * then does again from the beginning.
 */
@ThreadSafe("what is started is published under the monitor")
final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final ServerConfig config;
    private final FolderLock lock;
    private final NanoClock clock = NanoClock.system();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Storage storage;
    private final Intake intake;
    private final StoreAdministration administration;
    private final HttpServer http;
    private final ProcessMeters processMeters;
    private final RuleService rules;
    private final Housekeeping housekeeping;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final IngestStats stats = new IngestStats(registry);
    private @Nullable WritePath writePath;
    private @Nullable JsonLinesFollower jsonLines;
    private @Nullable Rehearsal rehearsal;
    private boolean recoveryBegun;
    private boolean stopping;

    private Server(ServerConfig config, FolderLock lock, Authenticator authenticator) throws StorageFailure {
        this.config = config;
        this.lock = lock;
        this.storage = Storage.open(config, registry, clock);
        this.intake = new Intake(config.storage().wal().durability());
        this.administration = new StoreAdministration(storage.store(), EpochClock.system());
        var clients = new ClientRegistry(config.clients(), config.rateLimits(), clock.nanos());
        var queryMemory = new QueryMemory(config.queryMemoryBytes());
        var engine = new QueryEngine(config.queries(), queryMemory, clock);
        this.rules = new RuleService(
                config.rules(),
                new RuleService.Parts(
                        engine,
                        storage.store()::ask,
                        new RingRuleWriter(intake, stats, config.http().eventLoops(), clock),
                        registry,
                        clock,
                        EpochClock.system()));
        this.housekeeping = new Housekeeping(
                authenticator, clients, config.rateLimits(), new ClientMeters(clients, registry), rules, clock);
        this.processMeters =
                new ProcessMeters(registry, storage.head(), queryMemory, WalReader.folder(config.dataFolder()));
        this.http = new HttpServer(
                config.http(),
                new HttpServices(
                        intake,
                        administration,
                        api(engine),
                        authenticator,
                        clients,
                        storage.head()::series,
                        config.parse(),
                        stats,
                        registry,
                        clock,
                        EpochClock.system(),
                        HttpServer.errorLogger()));
    }

    private Map<ApiCall, ApiPage> api(QueryEngine engine) {
        var facts = new ServerFacts(
                VersionCommand.version(),
                Runtime.version().toString(),
                Path.of("").toAbsolutePath().toString(),
                EpochClock.system().millis(),
                config.settings().shown(ConfigKeys.RETENTION_TIME),
                this::damagedParts,
                config.settings().shown());
        return new PrometheusApi(this::stored, engine, facts, stats.rejects(), rules, clock, EpochClock.system())
                .pages();
    }

    private long damagedParts() {
        Counter damaged = registry.find("metricstream.store.damaged.parts").counter();
        return damaged == null ? 0 : (long) damaged.count();
    }

    /** What is asked, once there is everything and as long as there is. */
    private Question stored() throws ApiException {
        Refusal refusal = intake.readRefusal();
        if (refusal != null) {
            throw new ApiException(refusal);
        }
        return storage.store().ask();
    }

    /** Takes the data folder and listens; writes are answered 503 until {@link #recover} is done. */
    static Server listen(ServerConfig config) throws CommandFailure, InterruptedException {
        FolderLock lock = takeFolder(config.dataFolder());
        try {
            Server server = new Server(config, lock, authenticator(config.auth()));
            server.start();
            return server;
        } catch (KeyFileException e) {
            release(lock);
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        } catch (StorageFailure e) {
            release(lock);
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        } catch (CommandFailure | RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    /** Listens; where that fails, closes what there is, the last first. */
    private void start() throws CommandFailure, InterruptedException {
        try {
            rules.load();
            housekeeping.start();
            http.start();
            LOG.info("listening: host={}, port={}", config.http().host(), port());
            warnOfFewFiles(config.http().maxConnections());
            startRehearsal();
        } catch (RuleFileException e) {
            abandon();
            throw CommandFailure.usage("rules.files: " + e.getMessage());
        } catch (IOException e) {
            abandon();
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException bug) {
            abandon();
            throw bug;
        }
    }

    private void abandon() throws InterruptedException {
        http.close();
        processMeters.close();
        housekeeping.close();
        rules.stop();
        storage.abandon();
    }

    /** Reads the log and opens for writes. */
    void recover() throws CommandFailure, InterruptedException {
        long startNanos = clock.nanos();
        beginRecovery();
        WalRecovery.Recovered recovered;
        try {
            recovered = storage.recover(new RecoveryProgress(intake, clock));
        } catch (StorageFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
        RecoveryReport report = recovered.report();
        processMeters.onRecovered(report);
        var path = new WritePath(config.ring(), recovered.log(), storage.head(), registry, clock);
        JsonLinesFollower follower = follower(path);
        storage.onFollowed();
        path.start();
        if (!open(path, follower)) {
            boolean unused = path.stop(config.shutdown().timeout());
            storage.close(path, config.shutdown().timeout());
            return;
        }
        LOG.info(
                "ready: segments={}, records={}, series={}, samples={}, damages={}, records-lost={}, took={} ms",
                report.segments(),
                report.records(),
                storage.head().series().size(),
                report.samples(),
                report.damage().size(),
                report.recordsLost(),
                TimeUnit.NANOSECONDS.toMillis(clock.nanos() - startNanos));
    }

    /** Waits until the warm-up is over; true where there was one and it is. */
    boolean awaitWarm(Duration timeout) throws InterruptedException {
        Rehearsal started = rehearsal();
        return started != null && started.awaitEnd(timeout);
    }

    /** The port that is listened on. */
    int port() {
        return http.port();
    }

    /** Stops in order; true where every request in flight was answered and the log is closed. */
    boolean stop() throws InterruptedException {
        intake.drain();
        Rehearsal started = rehearsal();
        if (started != null) {
            started.stop();
        }
        TimeUnit.MILLISECONDS.sleep(config.shutdown().delay().toMillis());
        http.stopListening();
        rules.stop();
        intake.end();
        boolean answered = http.finishRequests(config.shutdown().timeout());
        WritePath path = endRecovery();
        boolean written = path == null || path.stop(config.shutdown().timeout());
        finishJsonLines();
        closeStorage(path);
        http.close();
        housekeeping.close();
        processMeters.close();
        if (!intake.failure().isEmpty()) {
            LOG.error("the disk writer had stopped before: {}", intake.failure());
        }
        if (!answered) {
            LOG.warn("requests were still in flight after shutdown.timeout and were cut off");
        }
        release(lock);
        stopped.countDown();
        return answered && written;
    }

    /** Waits until {@link #stop} is done. */
    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** False where the server is stopping already: then the log is closed again. */
    private synchronized boolean open(WritePath path, @Nullable JsonLinesFollower follower) {
        writePath = path;
        if (!stopping) {
            intake.open(path);
            administration.open(path);
            rules.start();
            if (follower != null) {
                follower.start();
                jsonLines = follower;
            }
        }
        return !stopping;
    }

    private synchronized void startRehearsal() {
        if (!stopping && !config.warmUp().isZero()) {
            rehearsal = Rehearsal.start(config, config.warmUp(), () -> stats.received() > 0);
        }
    }

    private synchronized @Nullable Rehearsal rehearsal() {
        return rehearsal;
    }

    private synchronized @Nullable WritePath endRecovery() {
        stopping = true;
        return writePath;
    }

    private synchronized void beginRecovery() {
        recoveryBegun = true;
    }

    /** A recovery that is under way closes it by itself. */
    private void closeStorage(@Nullable WritePath path) throws InterruptedException {
        boolean opened;
        synchronized (this) {
            opened = recoveryBegun;
        }
        if (path != null) {
            storage.close(path, config.shutdown().timeout());
        } else if (!opened) {
            storage.abandon();
        }
    }

    /** Null where no JSON Lines file is configured. */
    private @Nullable JsonLinesFollower follower(WritePath path) {
        if (config.jsonLines().path().isEmpty()) {
            return null;
        }
        var log = new FollowedLog(
                storage.disk(), config.dataFolder(), path.status()::durablePosition, storage.retention());
        return new JsonLinesFollower(config.jsonLines(), log, registry, clock);
    }

    /** What the log has now is written out; what cannot be in time is after the next start. */
    private void finishJsonLines() throws InterruptedException {
        JsonLinesFollower follower;
        synchronized (this) {
            follower = jsonLines;
        }
        if (follower != null) {
            follower.stop(config.shutdown().timeout());
        }
    }

    private static void warnOfFewFiles(int maxConnections) {
        Machine machine = Machine.current();
        if (maxConnections > machine.maxConnections()) {
            LOG.warn(
                    "http.max-connections is more than the limit of open files has room for: found {}, limit {} (ulimit -n)",
                    maxConnections,
                    machine.maxOpenFiles());
        }
    }

    private static FolderLock takeFolder(Path folder) throws CommandFailure {
        try {
            DurableFiles.makeFolders(new RealDisk(), folder);
            Optional<String> unfinished = DataFolders.unfinished(folder);
            if (unfinished.isPresent()) {
                throw CommandFailure.failed("data.dir: " + unfinished.get());
            }
            FolderLock lock = FolderLock.tryTake(folder);
            if (lock == null) {
                throw CommandFailure.failed("data.dir: " + folder + " is in use by another server");
            }
            return lock;
        } catch (StorageFailure e) {
            throw CommandFailure.failed("data.dir: " + e.getMessage());
        }
    }

    private static Authenticator authenticator(AuthConfig config) throws KeyFileException {
        if (config.file().isEmpty()) {
            return Authenticator.open();
        }
        Path file = config.file().get();
        return config.mode() == AuthMode.KEYS ? Authenticator.keys(file) : Authenticator.open(file);
    }

    private static void release(FolderLock lock) {
        try {
            lock.close();
        } catch (StorageFailure e) {
            LOG.warn("the data folder could not be unlocked; the end of the process does it", e);
        }
    }
}

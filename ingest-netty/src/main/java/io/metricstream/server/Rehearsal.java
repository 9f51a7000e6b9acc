package io.metricstream.server;

import io.metricstream.config.ConfigException;
import io.metricstream.config.ServerConfig;
import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the code of writes, and then that of queries, compiled before the first clients come: for a moment after a start, a
 * server beside the server (see {@link RehearsalStage}) is sent what clients send. A rolling restart then costs its clients
 * no slow first requests.
 *
 * <p>Thread: one of its own, which ends by itself. Limits: the time it is given, for either; it ends sooner when the compiler
 * has come to rest, when clients write, or when the server stops. Fails: never for others; what goes wrong is a line in the log.
 */
@ThreadSafe("volatile fields with one writer each; everything else belongs to its thread")
final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final int KEY_BYTES = 32;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int WRITERS = 16;
    private static final int QUERIERS = 2;

    private final ServerConfig config;
    private final Duration time;
    private final BooleanSupplier disturbed;
    private final NanoClock clock = NanoClock.system();
    private final Thread thread = new Thread(this::run, "rehearsal");
    private volatile boolean stopped;
    private volatile long answered;

    private Rehearsal(ServerConfig config, Duration time, BooleanSupplier disturbed) {
        this.config = config;
        this.time = time;
        this.disturbed = disturbed;
        thread.setDaemon(true);
    }

    /**
     * Begins one.
     *
     * @param disturbed says when clients have begun to write
     */
    static Rehearsal start(ServerConfig config, Duration time, BooleanSupplier disturbed) {
        var rehearsal = new Rehearsal(config, time, disturbed);
        rehearsal.thread.start();
        return rehearsal;
    }

    /** Ends it within a round of requests; does not wait. */
    void stop() {
        stopped = true;
    }

    /** Waits until it is over and nothing is left of it; false where that takes longer. */
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        thread.join(Math.max(1, timeout.toMillis()));
        return !thread.isAlive();
    }

    /** How many requests were answered as they must be; after its end. */
    long answered() {
        return answered;
    }

    /** Sends so many requests at a time until the compiler has come to rest over them; returns how many were answered. */
    private long exercise(RehearsalStage stage, int connections, Supplier<RehearsalRequest> script, String what)
            throws IOException {
        long startNanos = clock.nanos();
        try (RehearsalClient client = RehearsalClient.connect(stage.port(), connections)) {
            var rest = new CompilerRest(startNanos);
            while (goesOn(startNanos) && !rest.hasCome(clock.nanos())) {
                client.round(script);
            }
            LOG.debug(
                    "rehearsed {}: requests={}, took={} ms",
                    what,
                    client.answered(),
                    (clock.nanos() - startNanos) / NANOS_PER_MILLI);
            return client.answered();
        }
    }

    private boolean goesOn(long startNanos) {
        return !stopped && clock.nanos() - startNanos < time.toNanos() && !disturbed.getAsBoolean();
    }

    private void run() {
        byte[] secret = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        String key = HexFormat.of().formatHex(secret);
        try (RehearsalStage stage = RehearsalStage.open(config, key)) {
            long nowMillis = EpochClock.system().millis();
            long written = exercise(stage, WRITERS, new RehearsalScript(key, nowMillis)::next, "writes");
            answered = written;
            if (!stopped && !disturbed.getAsBoolean()) {
                stage.store(nowMillis);
                answered = written + exercise(stage, QUERIERS, new RehearsalQueries(key, nowMillis)::next, "queries");
            }
        } catch (ConfigException | StorageFailure | IOException | RuntimeException e) {
            LOG.warn("the rehearsal failed, the first requests will be slower than they could be", e);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}

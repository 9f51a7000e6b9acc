package io.metricstream.server;

import io.metricstream.config.ServerConfig;
import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.ring.WritePath;
import io.metricstream.ring.WriterState;
import io.metricstream.storage.Disk;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadReplay;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.StoredSeries;
import io.metricstream.storage.store.Store;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.Wal;
import io.metricstream.storage.wal.WalPosition;
import io.metricstream.storage.wal.WalRecovery;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data folder in use: parts, memory and the log, opened in this order and closed in the other one.
 *
 * <p>Thread: one opens and recovers; whoever stops the server closes. Order: {@link #open}, {@link #recover},
 * {@link #onFollowed}, and after the write path has stopped {@link #close}.
 */
@ThreadSafe("one volatile field; everything else is for any thread, or handed over")
final class Storage {
    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

    private final ServerConfig config;
    private final Disk disk;
    private final NanoClock clock;
    private final Store store;
    private final Head head;
    private final LogRetention retention;
    /** Keeps all of the log until whoever follows it has its own hold. */
    private final LogRetention.Hold startHold;

    private volatile @Nullable Wal log;

    private Storage(ServerConfig config, Disk disk, Store store, Head head, LogRetention retention, NanoClock clock) {
        this.config = config;
        this.disk = disk;
        this.clock = clock;
        this.store = store;
        this.head = head;
        this.retention = retention;
        this.startHold = retention.hold(WalPosition.START);
    }

    /** Opens the parts. */
    static Storage open(ServerConfig config, MeterRegistry registry, NanoClock clock) throws StorageFailure {
        var disk = new RealDisk();
        var place = new Store.Place(disk, config.dataFolder(), EpochClock.system(), clock, registry);
        Store store = Store.open(place, config.storage().store());
        LogRetention retention = LogRetention.open(disk, config.dataFolder());
        retention.onUsed(store.lastSequence());
        return new Storage(config, disk, store, new Head(config.storage().head(), store, clock), retention, clock);
    }

    Head head() {
        return head;
    }

    Store store() {
        return store;
    }

    LogRetention retention() {
        return retention;
    }

    Disk disk() {
        return disk;
    }

    /** Reads the log into memory; what has no room there becomes parts meanwhile. */
    WalRecovery.Recovered recover(WalRecovery.Progress progress) throws StorageFailure, InterruptedException {
        long flushed = retention.checkpoint().sequence();
        rememberSeries();
        store.start(head, flushed, retention::onFlushed);
        ExecutorService preallocator = Executors.newSingleThreadExecutor(task -> new Thread(task, "preallocator"));
        try {
            var replay = new HeadReplay(head, flushed, store.deletionSequences());
            WalRecovery.Recovered recovered = new WalRecovery(disk, config.dataFolder(), retention)
                    .open(config.storage().wal(), replay, progress, preallocator, clock);
            replay.finish(recovered.log().durablePosition().sequence());
            head.releaseOwner();
            recovered.log().releaseOwner();
            log = recovered.log();
            return recovered;
        } catch (StorageFailure | RuntimeException e) {
            abandon();
            throw e;
        }
    }

    /** Where new series are counted, those that are in parts only are not new. */
    private void rememberSeries() throws StorageFailure {
        SeriesLimits limits = head.limits();
        if (limits.maxNewPerHour() > 0) {
            StoredSeries before = store.recentSeries(limits.maxSeries());
            LOG.info("series that are stored, and not new when they come: series={}", before.size());
            head.onStored(before);
        }
    }

    /** From here on, segments of the log that nobody needs are deleted. */
    void onFollowed() {
        startHold.close();
    }

    /**
     * Makes parts of what is in memory, at most so long; then no log is left. What does not get done is in the log.
     *
     * @param path stopped before
     */
    void close(WritePath path, Duration timeout) throws InterruptedException {
        boolean flushed = store.close(timeout);
        Wal closed = log;
        if (closed == null || path.status().state() != WriterState.STOPPED) {
            return;
        }
        if (!flushed) {
            LOG.warn("not everything in memory became parts in time; the next start reads the log");
        }
        try {
            retention.onClosed(head.flushedUpTo(), closed.durablePosition());
        } catch (StorageFailure e) {
            LOG.warn("the log could not be deleted, which the next start makes good: {}", e.getMessage());
        }
    }

    /** Closes what {@link #open} opened, where there was no recovery. */
    void abandon() throws InterruptedException {
        boolean unused = store.close(Duration.ZERO);
    }
}

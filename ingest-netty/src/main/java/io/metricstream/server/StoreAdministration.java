package io.metricstream.server;

import io.metricstream.http.Administration;
import io.metricstream.http.ApiException;
import io.metricstream.http.Refusal;
import io.metricstream.model.EpochClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.ring.WritePath;
import io.metricstream.ring.WriterState;
import io.metricstream.select.Matcher;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.store.Store;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes and makes snapshots. Both begin with freezing memory, so that they lie between two memtables: everything that was
 * acknowledged before the call belongs to them.
 *
 * <p>Thread: any. Order: the write path is set once, after it was started; until then everything is refused.
 */
@ThreadSafe("one volatile field; the store is thread-safe")
final class StoreAdministration implements Administration {
    private static final Logger LOG = LoggerFactory.getLogger(StoreAdministration.class);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int FREEZE_SECONDS = 10;
    private static final int RETRY_SECONDS = 2;
    private static final int MERGE_SECONDS = 60;

    private final Store store;
    private final EpochClock clock;
    private volatile @Nullable WritePath writePath;

    StoreAdministration(Store store, EpochClock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** From here on there is something to administer. */
    void open(WritePath started) {
        writePath = started;
    }

    @Override
    public void delete(List<List<Matcher>> selectors, long fromMillis, long toMillis) throws ApiException {
        if (!store.hasRoomForDeletions(selectors.size())) {
            throw new ApiException(Refusal.unavailable(
                    "too_many_deletions",
                    "10000 deletions are the most that can wait for merging to apply them",
                    MERGE_SECONDS));
        }
        try {
            store.delete(selectors, fromMillis, toMillis, this::freeze);
            LOG.info("deleted: series={}, from={}, to={}", selectors, fromMillis, toMillis);
        } catch (StorageFailure e) {
            throw failed("deleting", e);
        }
    }

    @Override
    public String snapshot(boolean withMemory) throws ApiException {
        long sequence = withMemory ? freeze() : -1;
        String name = NAME.format(Instant.ofEpochMilli(clock.millis())) + "-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        try {
            LOG.info("snapshot: folder={}", store.snapshot(name, sequence));
            return name;
        } catch (StorageFailure e) {
            throw failed("making a snapshot", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(Refusal.unavailable("draining", "the server is stopping", 1));
        }
    }

    /** Freezes memory; the last record in what is frozen by now. */
    private long freeze() throws ApiException {
        WritePath path = writePath;
        if (path == null) {
            throw new ApiException(
                    Refusal.unavailable("recovering", "the log is being read after a start", RETRY_SECONDS));
        }
        try {
            OptionalLong frozen = path.freeze().get(FREEZE_SECONDS, TimeUnit.SECONDS);
            if (frozen.isPresent()) {
                return frozen.getAsLong();
            }
        } catch (TimeoutException stuck) {
            LOG.warn("memory was not frozen in {} s", FREEZE_SECONDS);
        } catch (ExecutionException bug) {
            throw new IllegalStateException("freezing failed", bug.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Refusal refusal = path.status().state() == WriterState.FAILED
                ? Intake.refusal(WriterState.FAILED)
                : Refusal.unavailable("flush_behind", "flushing to the disk is behind", RETRY_SECONDS);
        throw new ApiException(refusal);
    }

    private static ApiException failed(String what, StorageFailure e) {
        LOG.error("{} failed", what, e);
        return new ApiException(
                Refusal.unavailable("storage_failed", what + " failed: " + e.getMessage(), RETRY_SECONDS));
    }
}

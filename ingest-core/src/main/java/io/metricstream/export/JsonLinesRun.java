package io.metricstream.export;

import io.metricstream.model.NanoClock;
import io.metricstream.model.Series;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.WalPosition;
import io.metricstream.storage.wal.WalReader;
import io.metricstream.storage.wal.WalReplay;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the log's samples to the JSON Lines file, from what is remembered until it is stopped or fails.
 *
 * <p>The log is read from its beginning, for that is where the series are announced; samples are written from the
 * remembered record on. What is remembered, and the rotation of the file, lie between two records of the log, so that a
 * record's samples are never counted half.
 *
 * <p>Thread: JSONL_WRITER. Owns: the file. Limits: the texts of all series, and {@value #REMEMBER_BYTES} bytes of lines to
 * be written again after a kill. Fails: on everything but a full disk, which is waited for; a new run then makes good.
 */
@OwnedBy(Role.JSONL_WRITER)
final class JsonLinesRun implements WalReplay, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JsonLinesRun.class);
    /** Each costs three forces, so they are rare. */
    private static final long REMEMBER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long REMEMBER_BYTES = 64L << 20;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FULL_DISK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FollowedLog log;
    private final JsonLinesFile file;
    private final LogRetention.Hold hold;
    private final JsonLinesStatus status;
    private final NanoClock clock;
    private final BooleanSupplier stopping;
    private final WalReader reader;
    private final SeriesTexts texts = new SeriesTexts();
    private final LineBuffer lines = new LineBuffer(LineFormat.JSONL);
    private long remembered;
    private long rememberedNanos;
    private long bytesSince;
    private long samplesSince;

    private JsonLinesRun(Following following, JsonLinesFile file, long firstSequence) {
        this.log = following.log();
        this.hold = following.hold();
        this.status = following.status();
        this.clock = following.clock();
        this.stopping = following.stopping();
        this.file = file;
        this.remembered = firstSequence;
        this.rememberedNanos = clock.nanos();
        this.reader = new WalReader(log.disk(), log.dataFolder(), WalPosition.START, this, bytes -> {});
    }

    /** What all runs of a follower have in common. */
    record Following(
            JsonLinesConfig config,
            FollowedLog log,
            LogRetention.Hold hold,
            JsonLinesStatus status,
            NanoClock clock,
            BooleanSupplier stopping) {}

    /**
     * Opens the file and goes on where it was left.
     *
     * @param logEnd no record from this one on can be in the file; less than what is remembered where the log lost its end
     */
    static JsonLinesRun open(Following following, long logEnd) throws StorageFailure {
        FollowedLog log = following.log();
        Optional<JsonLinesProgress> progress = readProgress(log);
        long sequence = progress.map(JsonLinesProgress::sequence).orElse(0L);
        if (sequence > logEnd) {
            LOG.warn("the log has lost records that are in the JSON Lines file: found={}, wanted={}", logEnd, sequence);
            sequence = logEnd;
        }
        JsonLinesConfig config = following.config();
        JsonLinesFile file =
                JsonLinesFile.open(log.disk(), config.path().orElseThrow().toAbsolutePath(), config, progress);
        var run = new JsonLinesRun(following, file, sequence);
        try {
            // From here on, what lies behind this length is ours to cut off.
            run.remember(sequence);
        } catch (StorageFailure e) {
            file.close();
            throw e;
        }
        return run;
    }

    /** Writes what there is and what comes, until it is told to stop and everything durable is written. */
    void follow() throws StorageFailure {
        while (true) {
            boolean last = stopping.getAsBoolean();
            WalPosition durable = log.durable().get();
            if (!isAt(durable)) {
                reader.readTo(durable);
                drain();
                status.onWritten(reader.position());
            }
            long next = Math.max(remembered, reader.position().sequence());
            if (next > remembered && (last || isDue())) {
                remember(next);
            }
            if (last) {
                return;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void onSeries(int ref, @Borrowed byte[] key, int offset, int length) {
        Series series = SeriesKey.tryParse(key, offset, length);
        texts.put(ref, series == null ? null : LineFormat.JSONL.text(series));
    }

    @Override
    public void onSamples(
            long sequence,
            int count,
            @Borrowed int[] refs,
            @Borrowed long[] timestampsMillis,
            @Borrowed double[] values)
            throws StorageFailure {
        WalPosition at = reader.position();
        if (at.sequence() < remembered) {
            return;
        }
        betweenRecords(at);
        for (int i = 0; i < count; i++) {
            SeriesText text = texts.get(refs[i]);
            if (text != null) {
                lines.add(text, timestampsMillis[i], values[i]);
                samplesSince++;
            }
            if (lines.isFull()) {
                drain();
            }
        }
    }

    @Override
    public void close() throws StorageFailure {
        file.close();
    }

    private void betweenRecords(WalPosition at) throws StorageFailure {
        if (file.isDue(lines.lengthBytes())) {
            drain();
            remember(at.sequence());
            file.rotate();
            remember(at.sequence());
            status.onWritten(at);
        } else if (isDue()) {
            drain();
            remember(at.sequence());
            status.onWritten(at);
        }
    }

    private boolean isAt(WalPosition durable) {
        WalPosition at = reader.position();
        return at.segment() == durable.segment() && at.offsetBytes() == durable.offsetBytes();
    }

    private boolean isDue() {
        return bytesSince >= REMEMBER_BYTES || clock.nanos() - rememberedNanos >= REMEMBER_NANOS;
    }

    private void remember(long sequence) throws StorageFailure {
        file.progress(sequence).write(log.disk(), log.dataFolder());
        remembered = sequence;
        rememberedNanos = clock.nanos();
        hold.moveTo(new WalPosition(0, 0, sequence));
        status.onDurable(samplesSince);
        samplesSince = 0;
        bytesSince = 0;
    }

    /** Writes the lines; a full disk is tried again until it has room or the server stops. */
    private void drain() throws StorageFailure {
        boolean waiting = false;
        while (lines.lengthBytes() > 0) {
            try {
                file.append(lines.content());
                bytesSince += lines.lengthBytes();
                lines.clear();
            } catch (StorageFailure.DiskFull full) {
                status.onFailure();
                if (stopping.getAsBoolean()) {
                    throw full;
                }
                if (!waiting) {
                    LOG.warn("the JSON Lines file waits for room on the disk: {}", full.getMessage());
                    waiting = true;
                }
                LockSupport.parkNanos(FULL_DISK_NANOS);
            }
        }
        if (waiting) {
            LOG.info("the disk has room again, the JSON Lines file goes on");
        }
    }

    /** A position that cannot be read costs lines written twice, not lines lost. */
    private static Optional<JsonLinesProgress> readProgress(FollowedLog log) throws StorageFailure {
        try {
            return JsonLinesProgress.read(log.disk(), log.dataFolder());
        } catch (StorageFailure.Corrupt e) {
            LOG.error("how far the JSON Lines file has come is not known, all of the log is written again", e);
            return Optional.empty();
        }
    }
}

package io.metricstream.server;

import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.wal.WalRecovery;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows in {@code /ready} and, every few seconds, in the log how far the log has been read. */
@OwnedBy(Role.MAIN)
final class RecoveryProgress implements WalRecovery.Progress {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryProgress.class);
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Intake intake;
    private final NanoClock clock;
    private long lastLineNanos;

    RecoveryProgress(Intake intake, NanoClock clock) {
        this.intake = intake;
        this.clock = clock;
        this.lastLineNanos = clock.nanos();
    }

    @Override
    public void onProgress(long bytesDone, long bytesTotal) {
        intake.onRecovery(bytesDone, bytesTotal);
        long nowNanos = clock.nanos();
        if (nowNanos - lastLineNanos >= LINE_NANOS) {
            lastLineNanos = nowNanos;
            LOG.info(
                    "reading the log: {} of {} MiB, {}%",
                    bytesDone >> 20, bytesTotal >> 20, bytesDone * 100 / Math.max(1, bytesTotal));
        }
    }
}

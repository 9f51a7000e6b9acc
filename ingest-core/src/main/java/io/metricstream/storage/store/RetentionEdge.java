package io.metricstream.storage.store;

import io.metricstream.model.EpochClock;
import java.time.Duration;

/** Before which time samples are forgotten; moves with the clock. */
record RetentionEdge(EpochClock clock, Duration retention) {
    /** The earliest time that is kept, in ms since 1970. */
    long earliestMillis() {
        return retention.equals(StoreConfig.FOREVER) ? Long.MIN_VALUE : clock.millis() - retention.toMillis();
    }
}

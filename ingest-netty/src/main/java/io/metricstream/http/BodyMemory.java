package io.metricstream.http;

import io.metricstream.own.ThreadSafe;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that bodies under way take together, over all connections. A body that is alone gets what it needs: as much
 * as one is bounded by other limits.
 */
@ThreadSafe("one atomic count")
final class BodyMemory {
    private final AtomicLong usedBytes = new AtomicLong();
    private final long limitBytes;

    BodyMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /**
     * Takes more for a body; false where there is not so much.
     *
     * @param heldBytes what the body has already
     */
    boolean tryTake(long bytes, long heldBytes) {
        long used = usedBytes.addAndGet(bytes);
        if (used > limitBytes && used > heldBytes + bytes) {
            usedBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    long usedBytes() {
        return usedBytes.get();
    }
}

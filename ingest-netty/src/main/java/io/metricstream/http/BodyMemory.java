package io.metricstream.http;

import io.metricstream.own.ThreadSafe;
import java.util.concurrent.atomic.AtomicLong;

/** The memory that bodies under way take together, over all connections. */
@ThreadSafe("one atomic count")
final class BodyMemory {
    private final AtomicLong usedBytes = new AtomicLong();
    private final long limitBytes;

    BodyMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    boolean tryTake(long bytes) {
        if (usedBytes.addAndGet(bytes) > limitBytes) {
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

package io.metricstream.ring;

import io.metricstream.own.ThreadSafe;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A command to the disk writer: freeze what is in memory, between all requests that entered the ring before it and all
 * that come after it. Deletes and snapshots begin with one.
 */
@ThreadSafe("a future, completed by the disk writer")
final class FreezeRequest {
    private final CompletableFuture<OptionalLong> frozenUpTo = new CompletableFuture<>();

    /** The last record in what was frozen; empty where too much waits to be flushed, or writing has failed. */
    CompletableFuture<OptionalLong> frozenUpTo() {
        return frozenUpTo;
    }
}

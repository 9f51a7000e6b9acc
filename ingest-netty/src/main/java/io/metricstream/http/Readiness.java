package io.metricstream.http;

import org.jspecify.annotations.Nullable;

/**
 * What {@code /ready} says.
 *
 * @param refusal why the server is not ready; null where it is
 * @param state one word: recovering, writing, disk_full, stalled, failed, draining or stopped
 * @param durability what an answer waits for: fsync, os or memory
 * @param recoveredBytes how much of the log has been read at this start
 * @param recoveryBytes how much there is to read; 0 until that is known
 */
public record Readiness(
        @Nullable Refusal refusal, String state, String durability, long recoveredBytes, long recoveryBytes) {}

package io.metricstream.export;

import io.metricstream.storage.Disk;
import io.metricstream.storage.wal.LogRetention;
import io.metricstream.storage.wal.WalPosition;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A log that somebody follows while it is written.
 *
 * @param durable up to where it may be read now
 * @param retention keeps what was not read yet
 */
public record FollowedLog(Disk disk, Path dataFolder, Supplier<WalPosition> durable, LogRetention retention) {}

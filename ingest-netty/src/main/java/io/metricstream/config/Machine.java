package io.metricstream.config;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What defaults are derived from.
 *
 * @param maxHeapBytes the largest heap of this JVM, which follows the container's memory
 * @param processors the processors this JVM may use
 * @param maxOpenFiles the files and connections this process may have open at once
 */
public record Machine(long maxHeapBytes, int processors, long maxOpenFiles) {
    public static Machine current() {
        Runtime runtime = Runtime.getRuntime();
        return new Machine(runtime.maxMemory(), runtime.availableProcessors(), openFiles());
    }

    /**
     * The connections for which the limit of open files has room, beside the files of the log, the jars, and connections
     * that are being refused.
     */
    public int maxConnections() {
        return (int) Math.max(1, Math.min(1_000_000, maxOpenFiles - Math.max(128, maxOpenFiles / 8)));
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}

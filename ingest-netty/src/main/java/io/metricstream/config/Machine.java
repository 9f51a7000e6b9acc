package io.metricstream.config;

/**
 * What defaults are derived from.
 *
 * @param maxHeapBytes the largest heap of this JVM, which follows the container's memory
 * @param processors the processors this JVM may use
 */
public record Machine(long maxHeapBytes, int processors) {
    public static Machine current() {
        Runtime runtime = Runtime.getRuntime();
        return new Machine(runtime.maxMemory(), runtime.availableProcessors());
    }
}

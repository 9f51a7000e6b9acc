package io.metricstream.load;

import java.util.Map;

/**
 * What the server counts, as its statistics tell.
 *
 * @param startedMillis when the counts began; another value means another process
 * @param stored samples stored, whoever sent them
 * @param inFlight samples on their way to the disk
 * @param storedByClient samples stored for each of this run's clients, by the name the server has for it; forgotten with
 *     the client
 */
record ServerCounts(long startedMillis, long stored, long inFlight, Map<String, Long> storedByClient) {
    ServerCounts {
        storedByClient = Map.copyOf(storedByClient);
    }

    /** What was stored since, for the clients of this run together. */
    long storedForClientsSince(ServerCounts before) {
        long sum = 0;
        for (Map.Entry<String, Long> client : storedByClient.entrySet()) {
            sum += client.getValue() - before.storedByClient.getOrDefault(client.getKey(), 0L);
        }
        return sum;
    }
}

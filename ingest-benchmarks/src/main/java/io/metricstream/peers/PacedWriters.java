package io.metricstream.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

/** Several connections that write at a fixed rate together, of series of their own. Thread: the one that made it, and its writers. */
final class PacedWriters {
    private static final double NANOS_A_MILLI = 1e6;

    private final PeerServer server;
    private final int batch;
    private final int writers;
    private final long gapNanos;

    /** @param rate writes a second, of all writers together */
    PacedWriters(PeerServer server, int rate, int batch, int writers) {
        this.server = server;
        this.batch = batch;
        this.writers = writers;
        this.gapNanos = Duration.ofSeconds(1).toNanos() / rate;
    }

    /** Writes for so long; the time of each write in ms from when it was due, ascending. */
    double[] write(Duration time, Queue<IOException> failures) throws InterruptedException {
        int count = (int) (time.toNanos() / gapNanos);
        var millis = new double[count];
        long begin = System.nanoTime();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < writers; i++) {
            int first = i;
            threads.add(new Thread(() -> write(first, begin, millis, failures), "writer"));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        Arrays.sort(millis);
        return millis;
    }

    private void write(int first, long begin, double[] millis, Queue<IOException> failures) {
        try {
            for (int i = first; i < millis.length; i += writers) {
                long due = begin + i * gapNanos;
                byte[] body = metrics(i);
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                server.post("/metrics", body);
                millis[i] = (System.nanoTime() - due) / NANOS_A_MILLI;
            }
        } catch (IOException e) {
            failures.add(e);
        }
    }

    private byte[] metrics(int number) {
        var text = new StringBuilder();
        long now = System.currentTimeMillis();
        for (int i = 0; i < batch; i++) {
            text.append(i == 0 ? "{\"metrics\":[" : ",")
                    .append("{\"name\":\"written\",\"type\":\"gauge\",\"value\":")
                    .append(number + i);
            text.append(",\"timestamp\":")
                    .append(now)
                    .append(",\"tags\":{\"n\":\"")
                    .append(i)
                    .append("\"}}");
        }
        return text.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }
}

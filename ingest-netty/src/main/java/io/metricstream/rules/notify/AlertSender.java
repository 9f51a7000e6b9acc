package io.metricstream.rules.notify;

import io.metricstream.own.ThreadSafe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts alerts to one webhook, in order, as many at once as wait. A post that fails is made again, later each time, until it
 * succeeds or is pushed out by newer alerts; one that is refused for good is not.
 *
 * <p>Thread: any adds; its own posts. Limits: {@link #MOST_QUEUED} alerts, beyond which the oldest go;
 * {@link #MOST_AT_ONCE} in a post.
 */
@ThreadSafe("the queue under the monitor, counts are atomic")
final class AlertSender {
    static final int MOST_QUEUED = 10_000;
    static final int MOST_AT_ONCE = 256;
    private static final Logger LOG = LoggerFactory.getLogger(AlertSender.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long FIRST_WAIT_MILLIS = 500;
    private static final long LONGEST_WAIT_MILLIS = 30_000;
    private static final int TOO_MANY = 429;

    /** What became of a post. */
    private enum Outcome {
        TAKEN,
        REFUSED,
        FAILED
    }

    private final HttpClient client;
    private final URI target;
    private final Thread thread;
    private final ArrayDeque<AlertMessage> queue = new ArrayDeque<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    /** Of the alerts at the head of the queue, how many are being posted. */
    private int underWay;

    AlertSender(HttpClient client, URI target) {
        this.client = client;
        this.target = target;
        this.thread = new Thread(this::run, "alert-sender");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    synchronized void add(List<AlertMessage> alerts) {
        queue.addAll(alerts);
        while (queue.size() > MOST_QUEUED) {
            queue.removeFirst();
            underWay = Math.max(0, underWay - 1);
            dropped.incrementAndGet();
        }
        notifyAll();
    }

    void stop() {
        thread.interrupt();
    }

    void awaitEnd() throws InterruptedException {
        thread.join(TIMEOUT.toMillis());
    }

    long sent() {
        return sent.get();
    }

    long failures() {
        return failures.get();
    }

    long dropped() {
        return dropped.get();
    }

    synchronized long queued() {
        return queue.size();
    }

    private void run() {
        long waitMillis = 0;
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(waitMillis);
                Outcome outcome = post(take());
                finish(outcome);
                waitMillis = outcome != Outcome.FAILED
                        ? 0
                        : Math.min(LONGEST_WAIT_MILLIS, Math.max(FIRST_WAIT_MILLIS, waitMillis * 2));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until there is something, which stays in the queue. */
    private synchronized List<AlertMessage> take() throws InterruptedException {
        while (queue.isEmpty()) {
            wait();
        }
        var batch = new ArrayList<AlertMessage>();
        for (AlertMessage alert : queue) {
            if (batch.size() == MOST_AT_ONCE) {
                break;
            }
            batch.add(alert);
        }
        underWay = batch.size();
        return batch;
    }

    /** Takes a batch out of the queue, as far as it has not been pushed out. */
    private synchronized void finish(Outcome outcome) {
        if (outcome == Outcome.FAILED) {
            return;
        }
        for (int i = 0; i < underWay; i++) {
            queue.removeFirst();
        }
        (outcome == Outcome.TAKEN ? sent : dropped).addAndGet(underWay);
        underWay = 0;
    }

    private Outcome post(List<AlertMessage> batch) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(target)
                    .timeout(TIMEOUT)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(AlertJson.write(batch)))
                    .build();
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status / 100 == 2) {
                return Outcome.TAKEN;
            }
            failures.incrementAndGet();
            LOG.warn("alerts not taken: url={}, alerts={}, status={}", target, batch.size(), status);
            return status / 100 == 4 && status != TOO_MANY ? Outcome.REFUSED : Outcome.FAILED;
        } catch (IOException e) {
            failures.incrementAndGet();
            LOG.warn("alerts not posted: url={}, alerts={}: {}", target, batch.size(), e.toString());
            return Outcome.FAILED;
        } catch (RuntimeException bug) {
            // Those behind them are posted all the same.
            failures.incrementAndGet();
            LOG.error("bug: alerts cannot be posted: url={}, alerts={}", target, batch.size(), bug);
            return Outcome.REFUSED;
        }
    }
}

package io.metricstream.rules.notify;

import io.metricstream.own.ThreadSafe;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

/** Hands alerts to every webhook. Thread: any; nobody waits. */
@ThreadSafe("immutable; the senders are for any thread")
public final class AlertPost {
    private static final String PATH = "/api/v2/alerts";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final List<AlertSender> senders;

    /** @param alertmanagers their addresses, to which {@code /api/v2/alerts} is added */
    public AlertPost(List<URI> alertmanagers) {
        this.senders = alertmanagers.stream()
                .map(address -> new AlertSender(client(), target(address)))
                .toList();
    }

    public void start() {
        senders.forEach(AlertSender::start);
    }

    /** Puts alerts at the end of every queue. */
    public void send(List<AlertMessage> alerts) {
        if (!alerts.isEmpty()) {
            senders.forEach(sender -> sender.add(alerts));
        }
    }

    /** Alerts that a webhook has taken; each counts once for each webhook. */
    public long sent() {
        return sum(AlertSender::sent);
    }

    /** Posts that failed, most of which are made again. */
    public long failures() {
        return sum(AlertSender::failures);
    }

    /** Alerts that left a queue without having been taken. */
    public long dropped() {
        return sum(AlertSender::dropped);
    }

    public long queued() {
        return sum(AlertSender::queued);
    }

    /** Ends every post that is under way; what waits is not posted any more. */
    public void stop() throws InterruptedException {
        senders.forEach(AlertSender::stop);
        for (AlertSender sender : senders) {
            sender.awaitEnd();
        }
    }

    private long sum(ToLongFunction<AlertSender> of) {
        return senders.stream().mapToLong(of).sum();
    }

    /** Each has threads of its own, so there is none where nobody is to be told. */
    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    private static URI target(URI address) {
        String text = address.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + PATH);
    }
}

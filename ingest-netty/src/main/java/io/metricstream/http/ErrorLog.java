package io.metricstream.http;

import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** One log line for every error answer, with its request id; a flood of them is cut to so many a second and counted. */
@OwnedBy(Role.EVENT_LOOP)
final class ErrorLog {
    private static final int LINES_PER_SECOND = 50;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Logger log;
    private final NanoClock clock;
    private long secondStartNanos;
    private int lines;
    private long suppressed;

    ErrorLog(Logger log, NanoClock clock) {
        this.log = log;
        this.clock = clock;
        this.secondStartNanos = clock.nanos();
    }

    void onError(int status, String requestId, String client, String path, String message) {
        long nowNanos = clock.nanos();
        if (nowNanos - secondStartNanos >= SECOND_NANOS) {
            if (suppressed > 0) {
                log.warn("error answers without a line of their own in the last second: {}", suppressed);
            }
            secondStartNanos = nowNanos;
            lines = 0;
            suppressed = 0;
        }
        if (++lines > LINES_PER_SECOND) {
            suppressed++;
        } else {
            log.atLevel(status >= 500 ? Level.WARN : Level.INFO)
                    .log(
                            "answered {}: request-id={}, client={}, path={}, {}",
                            status,
                            requestId,
                            client,
                            Refusal.shown(path),
                            message);
        }
    }

    void onBug(String requestId, String path, Throwable bug) {
        log.error("a request failed unexpectedly: request-id={}, path={}", requestId, path, bug);
    }
}

package io.metricstream.limit;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * How many new series each client has had in the last hour, counted by the minute: never more than the limit in any hour,
 * and a place is free again at most a minute late.
 *
 * <p>Thread: the disk writer. Limits: 260 bytes for each client that had a new series in the last hour; those that come
 * when {@value #MAX_CLIENTS} are known share one window.
 */
@OwnedBy(Role.DISK_WRITER)
public final class NewSeriesWindows {
    private static final int MAX_CLIENTS = 10_000;
    private static final long MINUTE_NANOS = 60_000_000_000L;
    /** Those of an hour, and the one that has begun. */
    private static final int MINUTES = 61;

    private final int maxPerHour;
    private final long startNanos;
    private final Map<String, Window> windows = new HashMap<>();
    private final Window others = new Window();
    private long minute;

    private static final class Window {
        private final int[] counts = new int[MINUTES];
        private long minute;
        private int sum;

        /** Forgets what is over an hour old. */
        void moveTo(long now) {
            long steps = Math.min(MINUTES, now - minute);
            for (long i = 1; i <= steps; i++) {
                int slot = (int) ((minute + i) % MINUTES);
                sum -= counts[slot];
                counts[slot] = 0;
            }
            minute = now;
        }
    }

    /** @param maxPerHour new series of one client in any hour; 0 is no limit */
    public NewSeriesWindows(int maxPerHour, long nowNanos) {
        this.maxPerHour = maxPerHour;
        this.startNanos = nowNanos;
    }

    /** How many new series this client may have now. */
    public int room(String client, long nowNanos) {
        return maxPerHour == 0 ? Integer.MAX_VALUE : Math.max(0, maxPerHour - window(client, nowNanos).sum);
    }

    /** The client has one more. */
    public void add(String client, long nowNanos) {
        if (maxPerHour > 0) {
            Window window = window(client, nowNanos);
            window.counts[(int) (window.minute % MINUTES)]++;
            window.sum++;
        }
    }

    private Window window(String client, long nowNanos) {
        long now = (nowNanos - startNanos) / MINUTE_NANOS;
        if (now > minute) {
            minute = now;
            forgetEmpty(now);
        }
        Window known = windows.get(client);
        if (known == null) {
            known = windows.size() < MAX_CLIENTS ? new Window() : others;
            known.moveTo(now);
            if (known != others) {
                windows.put(client, known);
            }
        }
        known.moveTo(now);
        return known;
    }

    private void forgetEmpty(long now) {
        for (Iterator<Window> all = windows.values().iterator(); all.hasNext(); ) {
            Window window = all.next();
            window.moveTo(now);
            if (window.sum == 0) {
                all.remove();
            }
        }
    }
}

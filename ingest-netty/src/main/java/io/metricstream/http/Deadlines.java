package io.metricstream.http;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Since when a connection has been doing what it does, and whether that is too long.
 *
 * <p>Thread: its event loop. Limits: {@link HttpTimeouts}, and {@value #LINGER_NANOS} ns for a client to close after the
 * last answer. Time in which the server does not read counts against nobody.
 */
@OwnedBy(Role.EVENT_LOOP)
final class Deadlines {
    /** What has taken too long. */
    enum Late {
        NOTHING,
        HEAD,
        BODY,
        /** The client is idle, does not take its answers, or does not close. */
        CLIENT
    }

    private static final long LINGER_NANOS = 2_000_000_000L;
    private static final long NOT = 0;

    private final long idleNanos;
    private final long headNanos;
    private final long bodyNanos;

    private long activeSince;
    private long headSince = NOT;
    private long bodySince = NOT;
    private long notReadingSince = NOT;
    private long blockedSince = NOT;
    private long lingerSince = NOT;

    Deadlines(HttpTimeouts timeouts, long nowNanos) {
        idleNanos = timeouts.idle().toNanos();
        headNanos = timeouts.header().toNanos();
        bodyNanos = timeouts.body().toNanos();
        activeSince = nowNanos;
    }

    /** Something was read or answered. */
    void onActivity(long nowNanos) {
        activeSince = nowNanos;
    }

    /** The first bytes of a head have come; only the first call counts until {@link #onBody} or {@link #onEnd}. */
    void onHeadBytes(long nowNanos) {
        if (headSince == NOT && bodySince == NOT) {
            headSince = set(nowNanos);
        }
    }

    /** The head is complete, and the body begins. */
    void onBody(long nowNanos) {
        headSince = NOT;
        bodySince = set(nowNanos);
    }

    /** A request is read to its end, or no more of it is wanted. */
    void onEnd() {
        headSince = NOT;
        bodySince = NOT;
    }

    /** The server begins to read, or stops. */
    void onReading(boolean reads, long nowNanos) {
        if (!reads) {
            notReadingSince = set(nowNanos);
        } else if (notReadingSince != NOT) {
            long pause = nowNanos - notReadingSince;
            headSince += headSince == NOT ? 0 : pause;
            bodySince += bodySince == NOT ? 0 : pause;
            notReadingSince = NOT;
        }
    }

    /** The client does not take its answers fast enough, or does again. */
    void onWritable(boolean writable, long nowNanos) {
        blockedSince = writable ? NOT : set(nowNanos);
    }

    /** All is said, and the client has to close. */
    void onLinger(long nowNanos) {
        lingerSince = set(nowNanos);
    }

    boolean lingers() {
        return lingerSince != NOT;
    }

    /** A part of a head has come. */
    boolean inHead() {
        return headSince != NOT;
    }

    /** @param waiting whether the client waits for an answer */
    Late check(long nowNanos, boolean waiting) {
        if (lingerSince != NOT) {
            return late(nowNanos, lingerSince, LINGER_NANOS, Late.CLIENT);
        }
        if (blockedSince != NOT) {
            return late(nowNanos, blockedSince, idleNanos, Late.CLIENT);
        }
        if (notReadingSince != NOT) {
            return Late.NOTHING;
        }
        if (bodySince != NOT) {
            return late(nowNanos, bodySince, bodyNanos, Late.BODY);
        }
        if (headSince != NOT) {
            return late(nowNanos, headSince, headNanos, Late.HEAD);
        }
        return waiting ? Late.NOTHING : late(nowNanos, activeSince, idleNanos, Late.CLIENT);
    }

    private static Late late(long nowNanos, long since, long limitNanos, Late what) {
        return nowNanos - since > limitNanos ? what : Late.NOTHING;
    }

    /** A time that is not {@link #NOT}; a nanosecond more or less does not matter. */
    private static long set(long nowNanos) {
        return nowNanos == NOT ? 1 : nowNanos;
    }
}

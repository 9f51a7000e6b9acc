package io.metricstream.load;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A place for one connection, which is opened again when it ends, and the one request under way on it.
 *
 * <p>Thread: its event loop. Owns: its channel, and with retries the body of its request until it is done with.
 */
@OwnedBy(Role.EVENT_LOOP)
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the channel, which is heard of.
final class LoadConnection {
    private static final long FIRST_BACKOFF_MILLIS = 50;
    private static final long MOST_BACKOFF_MILLIS = 1_000;
    private static final int HEAD_END_BYTES = 16;

    private enum State {
        NOTHING,
        /** A request was sent, and its answer is not here yet. */
        UNDER_WAY,
        /** A request was refused, and the time to send it again has not come. */
        REFUSED
    }

    /** Whether it stands in the queue of idle connections, ready or not. */
    boolean queued;

    private final LoadLoop loop;
    private final byte[][] heads;
    private State state = State.NOTHING;
    private @Nullable Channel channel;
    private boolean closing;
    private long backoffMillis;

    /** The head of the request under way. */
    private int head;

    private long intendedNanos;
    private long sentNanos;
    private boolean timedOut;
    /** The body of a request that may have to be sent again. */
    private @Nullable ByteBuf kept;

    private boolean retryDue;

    /** @param heads the heads of its requests up to the content length, one for each identity that it speaks for */
    LoadConnection(LoadLoop loop, byte[][] heads) {
        this.loop = loop;
        this.heads = heads;
    }

    boolean isOpen() {
        return channel != null;
    }

    /** Whether a request can be sent. */
    boolean isReady() {
        return state == State.NOTHING && channel != null && !closing;
    }

    void onOpen(Channel opened) {
        channel = opened;
        closing = false;
        if (state == State.REFUSED) {
            retryIfDue();
        } else {
            loop.onReady(this);
        }
    }

    /** Sends a request now, which should have started at that time. The body is this object's from here on. */
    void send(ByteBuf body, long dueNanos, long nowNanos) {
        intendedNanos = dueNanos;
        head = head + 1 < heads.length ? head + 1 : 0;
        if (loop.retries()) {
            kept = body.retainedDuplicate();
        }
        write(body, nowNanos);
    }

    /** An answer is here, whole. */
    void onAnswer(int status, int retryAfterSeconds, boolean keepAlive, CharSequence text) {
        if (state != State.UNDER_WAY) {
            // Nothing was asked: what a server says that has no room for another connection.
            loop.tally().onConnectFailure("answered " + status + " unasked: " + text);
            close();
            return;
        }
        long nowNanos = loop.nanos();
        boolean again = kept != null && (status == 429 || status == 503) && loop.isSending();
        Tally tally = loop.tally();
        tally.onTime(nowNanos);
        tally.onAnswer(status, text, again ? 0 : loop.samples(), nowNanos - sentNanos, nowNanos - intendedNanos);
        backoffMillis = 0;
        if (again) {
            state = State.REFUSED;
            retryDue = false;
            loop.schedule(this::onRetryTime, TimeUnit.SECONDS.toMillis(retryAfterSeconds));
        } else {
            state = State.NOTHING;
            dropKept();
        }
        if (!keepAlive) {
            close();
        }
        loop.onSettled();
        if (isReady()) {
            loop.onReady(this);
        }
    }

    /** The channel has ended, by whomever. */
    void onClosed(String why) {
        channel = null;
        if (state == State.UNDER_WAY) {
            long waitedNanos = loop.nanos() - intendedNanos;
            if (timedOut) {
                loop.tally().onTimeout(loop.samples(), waitedNanos);
            } else {
                loop.tally().onLost(loop.samples(), why, waitedNanos);
            }
            state = State.NOTHING;
            dropKept();
            loop.onSettled();
        }
        reopen();
    }

    void onConnectFailure(String why) {
        loop.tally().onConnectFailure(why);
        reopen();
    }

    /** Ends the channel of a request that has waited too long. */
    void checkTimeout(long nowNanos, long timeoutNanos) {
        if (state == State.UNDER_WAY && !timedOut && nowNanos - sentNanos > timeoutNanos) {
            timedOut = true;
            close();
        }
    }

    /** The stage is over: what waits for its retry is not sent any more. */
    void giveUpRetry() {
        if (state == State.REFUSED) {
            state = State.NOTHING;
            dropKept();
            loop.tally().onGivenUp(loop.samples());
            if (isReady()) {
                loop.onReady(this);
            }
        }
    }

    void close() {
        Channel open = channel;
        if (open != null && !closing) {
            closing = true;
            open.close();
        }
    }

    private void onRetryTime() {
        retryDue = true;
        retryIfDue();
    }

    private void retryIfDue() {
        ByteBuf body = kept;
        if (state == State.REFUSED && retryDue && channel != null && !closing && body != null) {
            write(body.retainedDuplicate(), loop.nanos());
        }
    }

    private void write(ByteBuf body, long nowNanos) {
        Channel to = channel;
        if (to == null) {
            throw new IllegalStateException("a request without a connection");
        }
        int length = body.readableBytes();
        ByteBuf start = to.alloc().directBuffer(heads[head].length + HEAD_END_BYTES);
        start.writeBytes(heads[head]);
        ByteBufUtil.writeAscii(start, length + "\r\n\r\n");
        state = State.UNDER_WAY;
        timedOut = false;
        loop.onSent();
        sentNanos = nowNanos;
        to.write(start, to.voidPromise());
        if (kept == null) {
            to.writeAndFlush(body).addListener(written -> loop.onBodyGone(length));
        } else {
            to.writeAndFlush(body, to.voidPromise());
        }
    }

    private void reopen() {
        loop.reopen(this, backoffMillis);
        backoffMillis = Math.min(MOST_BACKOFF_MILLIS, Math.max(FIRST_BACKOFF_MILLIS, backoffMillis * 2));
    }

    private void dropKept() {
        ByteBuf body = kept;
        if (body != null) {
            kept = null;
            loop.onBodyGone(body.readableBytes());
            body.release();
        }
    }
}

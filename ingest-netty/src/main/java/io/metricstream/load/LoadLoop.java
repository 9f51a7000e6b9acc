package io.metricstream.load;

import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's share of a run: its connections, its part of the fleet, and when the next request is sent.
 *
 * <p>Thread: its event loop; {@link #open}, {@link #start} and the others are called on it. Owns: connections, bodies and
 * the tally of the stage that is under way; a finished one belongs to who waits for it.
 *
 * <p>Limits: one request a connection; bodies that are not sent yet take a quarter of the memory outside of the heap at
 * most, and where that is spent, sending waits.
 */
@OwnedBy(Role.EVENT_LOOP)
final class LoadLoop {
    private static final long SWEEP_MILLIS = 100;
    private static final int MEMORY_SHARE = 4;

    private final EventLoop loop;
    private final NanoClock clock;
    private final Connector connector;
    private final RequestBodies bodies;
    private final boolean retries;
    private final long timeoutNanos;
    private final long bodyMemoryBytes;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final ArrayDeque<LoadConnection> idle = new ArrayDeque<>();

    private Tally tally = new Tally();
    private @Nullable Pace pace;
    private @Nullable Promise<Tally> running;
    private boolean sending;
    private boolean pumping;
    private boolean alarmSet;
    private long nextRequest;
    private int underWay;
    private long bodyBytes;
    /** Made ahead of its time, so that a request which is due does not wait for its body. */
    private @Nullable ByteBuf prepared;

    LoadLoop(EventLoop loop, Connector connector, RequestBodies bodies, LoadPlan plan, int loops, NanoClock clock) {
        this.loop = loop;
        this.clock = clock;
        this.connector = connector;
        this.bodies = bodies;
        this.retries = plan.retry();
        this.timeoutNanos = plan.timeout().toNanos();
        this.bodyMemoryBytes = PlatformDependent.maxDirectMemory() / MEMORY_SHARE / loops;
    }

    /** Before {@link #open}: one more connection, which speaks for these identities. */
    void add(byte[][] heads) {
        connections.add(new LoadConnection(this, heads));
    }

    /** Opens all connections; done, with how many are open, when each has succeeded or failed once. */
    void open(Promise<Integer> whenTried) {
        connector.openAll(connections, whenTried);
        var unused = loop.scheduleWithFixedDelay(
                () -> expire(timeoutNanos), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Begins to send; done, with what became of it, when the last request of the stage is settled. */
    void start(Pace with, Promise<Tally> whenDone) {
        pace = with;
        running = whenDone;
        nextRequest = 0;
        sending = true;
        long waitNanos = Math.max(0, with.endNanos() - clock.nanos());
        var unused = loop.schedule(() -> endOf(with), waitNanos, TimeUnit.NANOSECONDS);
        pump();
    }

    /** Sends nothing more. What is under way is still waited for. */
    void stopSending() {
        Pace of = pace;
        if (of == null || !sending) {
            return;
        }
        if (!of.stage().flatOut()) {
            pump();
            countNotSent(of);
        }
        sending = false;
        tally.onTime(clock.nanos());
        connections.forEach(LoadConnection::giveUpRetry);
        finishIfSettled();
    }

    /** Waits for no answer any more: what is under way counts as timed out. */
    void giveUp() {
        expire(0);
    }

    /** Why the first connection that failed could not be had. */
    String connectFailure() {
        return tally.examples().getOrDefault(Tally.NO_CONNECTION, "");
    }

    /** What was done so far in this stage, for the display. */
    LoadProgress progress() {
        int open = 0;
        for (int i = 0; i < connections.size(); i++) {
            open += connections.get(i).isOpen() ? 1 : 0;
        }
        return LoadProgress.of(tally, open);
    }

    /** Ends everything; nothing is sent or opened any more. */
    void close() {
        connector.close();
        sending = false;
        connections.forEach(LoadConnection::giveUpRetry);
        connections.forEach(LoadConnection::close);
        ByteBuf body = prepared;
        if (body != null) {
            prepared = null;
            body.release();
        }
        bodies.close();
    }

    Tally tally() {
        return tally;
    }

    boolean retries() {
        return retries;
    }

    boolean isSending() {
        return sending;
    }

    int samples() {
        return bodies.samples();
    }

    long nanos() {
        return clock.nanos();
    }

    void schedule(Runnable task, long delayMillis) {
        var unused = loop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    }

    void onReady(LoadConnection connection) {
        if (!connection.queued) {
            connection.queued = true;
            idle.addLast(connection);
        }
        pump();
    }

    void onSent() {
        underWay++;
    }

    /** A request has its answer, or will never have one. */
    void onSettled() {
        underWay--;
        finishIfSettled();
    }

    /** A body needs no memory any more. */
    void onBodyGone(long bytes) {
        bodyBytes -= bytes;
        pump();
    }

    void reopen(LoadConnection connection, long delayMillis) {
        connector.reopen(connection, delayMillis);
    }

    /** Sends what is due, as long as there are idle connections and memory. */
    private void pump() {
        Pace of = pace;
        if (of == null || !sending || pumping) {
            return;
        }
        pumping = true;
        try {
            LoadConnection connection = firstReady();
            while (connection != null && hasMemory()) {
                boolean flatOut = of.stage().flatOut();
                if (!flatOut && isLater(of, of.dueNanos(nextRequest))) {
                    break;
                }
                ByteBuf body = takeBody();
                idle.removeFirst();
                connection.queued = false;
                long nowNanos = clock.nanos();
                connection.send(body, flatOut ? nowNanos : of.dueNanos(nextRequest), nowNanos);
                nextRequest++;
                connection = firstReady();
            }
        } finally {
            pumping = false;
        }
    }

    /** True where the request is not due yet, for which an alarm is set, or belongs to the time after the end. */
    private boolean isLater(Pace of, long dueNanos) {
        if (dueNanos - of.endNanos() >= 0) {
            return true;
        }
        long waitNanos = dueNanos - clock.nanos();
        if (waitNanos <= 0) {
            return false;
        }
        if (prepared == null) {
            prepared = bodies.next(PooledByteBufAllocator.DEFAULT);
        }
        if (!alarmSet) {
            alarmSet = true;
            var unused = loop.schedule(this::onAlarm, waitNanos, TimeUnit.NANOSECONDS);
        }
        return true;
    }

    private void onAlarm() {
        alarmSet = false;
        pump();
    }

    private @Nullable LoadConnection firstReady() {
        LoadConnection first = idle.peekFirst();
        while (first != null && !first.isReady()) {
            idle.removeFirst();
            first.queued = false;
            first = idle.peekFirst();
        }
        return first;
    }

    private boolean hasMemory() {
        return bodyBytes == 0 || bodyBytes < bodyMemoryBytes;
    }

    private ByteBuf takeBody() {
        ByteBuf body = prepared;
        prepared = null;
        if (body == null) {
            body = bodies.next(PooledByteBufAllocator.DEFAULT);
        }
        bodyBytes += body.readableBytes();
        return body;
    }

    private void endOf(Pace of) {
        if (of.equals(pace)) {
            stopSending();
        }
    }

    private void countNotSent(Pace of) {
        long nowNanos = clock.nanos();
        long untilNanos = nowNanos - of.endNanos() < 0 ? nowNanos : of.endNanos();
        for (long due = of.dueNanos(nextRequest); due - untilNanos < 0; due = of.dueNanos(++nextRequest)) {
            tally.onNotSent(nowNanos - due);
        }
    }

    private void finishIfSettled() {
        Promise<Tally> whenDone = running;
        if (whenDone != null && !sending && underWay == 0) {
            running = null;
            pace = null;
            Tally finished = tally;
            tally = new Tally();
            whenDone.setSuccess(finished);
        }
    }

    private void expire(long waitNanos) {
        long nowNanos = clock.nanos();
        for (int i = 0; i < connections.size(); i++) {
            connections.get(i).checkTimeout(nowNanos, waitNanos);
        }
    }
}

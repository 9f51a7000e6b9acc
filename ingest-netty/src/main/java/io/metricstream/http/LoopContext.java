package io.metricstream.http;

import io.metricstream.model.SeriesKeys;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.parse.MetricsParser;
import io.metricstream.ring.Completions;
import io.metricstream.ring.WriteRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the connections of one event loop share: the parser, reused arrays and requests, and the sweep that enforces
 * time limits.
 *
 * <p>Thread: its event loop, except {@link #onGroupDone}, which the disk writer calls. Owns: all of that.
 */
@OwnedBy(Role.EVENT_LOOP)
final class LoopContext implements Completions {
    private static final Logger LOG = LoggerFactory.getLogger(LoopContext.class);
    private static final long SWEEP_MILLIS = 250;
    private static final int KEPT_WRITES = 512;
    private static final int KEPT_BATCH_BYTES = 4 << 20;
    private static final int SCRATCH_BYTES = 256 << 10;

    final HttpServices services;
    final HttpConfig config;
    final HttpStats stats;
    final BodyMemory bodyMemory;
    final MetricsParser parser;
    final Inflater inflater;
    final Body.Pool bodyArrays = new Body.Pool();
    final ErrorLog errorLog;
    final RefusedSeries refusedSeries;
    final CrossOrigin crossOrigin;
    final byte[] headScratch = LastHead.newScratch();

    private final int index;
    private final EventLoop loop;
    private final ArrayList<Connection> connections = new ArrayList<>();
    private final ArrayDeque<PendingWrite> freeWrites = new ArrayDeque<>();
    private long freeBatchBytes;
    private final ArrayList<Connection> toFlush = new ArrayList<>();
    private boolean answering;
    private byte[] scratch = new byte[SCRATCH_BYTES];

    LoopContext(
            int index, EventLoop loop, HttpServices services, HttpConfig config, HttpStats stats, BodyMemory memory) {
        this.index = index;
        this.loop = loop;
        this.services = services;
        this.config = config;
        this.stats = stats;
        this.bodyMemory = memory;
        this.inflater = new Inflater(memory);
        this.errorLog = new ErrorLog(services.errors(), services.nanoClock());
        this.crossOrigin = new CrossOrigin(config.corsOrigin());
        this.refusedSeries = new RefusedSeries(services);
        this.parser = new MetricsParser(
                services.parseLimits(), services.series(), services.epochClock(), config.parseMemoryBytes());
    }

    void startSweep() {
        var unused = loop.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    void add(Connection connection) {
        connection.slot = connections.size();
        connections.add(connection);
    }

    void remove(Connection connection) {
        int slot = connection.slot;
        Connection last = connections.remove(connections.size() - 1);
        if (last != connection) {
            connections.set(slot, last);
            last.slot = slot;
        }
        connection.slot = -1;
    }

    /** The bytes of a body that came whole, in an array that the next body overwrites. */
    byte[] scratch(ByteBuf body, int length) {
        if (scratch.length < length) {
            scratch = new byte[Math.max(length, scratch.length * 2)];
        }
        body.readBytes(scratch, 0, length);
        return scratch;
    }

    PendingWrite takeWrite() {
        PendingWrite free = freeWrites.pollLast();
        if (free == null) {
            return new PendingWrite(this);
        }
        freeBatchBytes -= free.request.batch().retainedBytes();
        return free;
    }

    void giveBack(PendingWrite write) {
        // An idle batch keeps no series in memory that everybody else has forgotten.
        write.request.batch().begin(SeriesKeys.NONE);
        long bytes = write.request.batch().retainedBytes();
        if (freeWrites.size() < KEPT_WRITES && freeBatchBytes + bytes <= KEPT_BATCH_BYTES) {
            freeWrites.addLast(write);
            freeBatchBytes += bytes;
        }
    }

    /** What the arrays that wait for a next write take. */
    long freeBatchBytes() {
        return freeBatchBytes;
    }

    /** True while a group is being answered: then this connection is flushed once the group is through. */
    boolean flushesLater(Connection connection) {
        if (answering) {
            toFlush.add(connection);
        }
        return answering;
    }

    /** Closes the connections between requests; true when no request is under way. */
    boolean closeIdle() {
        boolean idle = true;
        for (int i = connections.size() - 1; i >= 0; i--) {
            idle &= connections.get(i).closeIfIdle();
        }
        return idle;
    }

    void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public void onGroupDone(WriteRequest first) {
        try {
            loop.execute(() -> answerGroup(first));
        } catch (RejectedExecutionException stopped) {
            LOG.warn("answers were ready after the event loop had stopped");
        }
    }

    /** Whatever goes wrong with one request, the others of its group have their answers. */
    private void answerGroup(WriteRequest first) {
        answering = true;
        try {
            WriteRequest request = first;
            while (request != null) {
                WriteRequest next = request.next();
                complete(request);
                request = next;
            }
        } finally {
            answering = false;
            for (int i = 0; i < toFlush.size(); i++) {
                toFlush.get(i).flushNow();
            }
            toFlush.clear();
        }
    }

    private void complete(WriteRequest request) {
        try {
            request.complete();
        } catch (Throwable bug) {
            errorLog.onBug("-", "-", bug);
        }
    }

    /** Whatever goes wrong with one connection, the time limits of the others are kept, and the sweep goes on. */
    void sweep() {
        long nowNanos = services.nanoClock().nanos();
        for (int i = connections.size() - 1; i >= 0; i--) {
            Connection connection = connections.get(i);
            try {
                connection.onSweep(nowNanos);
            } catch (Throwable bug) {
                connection.fail(bug);
            }
        }
    }
}

package io.metricstream.promql.engine;

import io.metricstream.own.ThreadSafe;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is left of a cursor into batches, on a thread of its own.
 *
 * <p>Thread: {@link #run} is the reading thread's, the rest the query's. Owns: the cursor while it runs, and three batches.
 */
@ThreadSafe("batches change hands through queues; the failure is written before the last of them")
final class AheadReading implements Runnable {
    private static final int BATCHES = 3;

    private final SeriesCursor cursor;
    private final BlockingQueue<AheadBatch> empty = new ArrayBlockingQueue<>(BATCHES);
    /** Has room for the end as well. */
    private final BlockingQueue<AheadBatch> filled = new ArrayBlockingQueue<>(BATCHES + 1);

    private final AheadBatch end = new AheadBatch();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopped;
    private @Nullable Throwable failure;

    AheadReading(SeriesCursor cursor) {
        this.cursor = cursor;
        for (int i = 0; i < BATCHES; i++) {
            empty.add(new AheadBatch());
        }
    }

    @Override
    public void run() {
        try {
            read();
        } catch (StorageFailure | RuntimeException | Error e) {
            failure = e;
        } finally {
            filled.add(end);
            ended.countDown();
        }
    }

    private void read() throws StorageFailure {
        AheadBatch batch = take(empty);
        try {
            while (!stopped && cursor.next()) {
                batch.add(cursor);
                boolean begins = true;
                SampleRuns runs = cursor.samples();
                while (!stopped && runs.next()) {
                    int count = runs.count();
                    // A run may be longer than all batches, and after a stop none of them comes back.
                    for (int from = 0; !stopped && from < count; from += AheadBatch.Run.MOST) {
                        batch.add(runs, from, Math.min(AheadBatch.Run.MOST, count - from), begins);
                        begins = false;
                        if (batch.isFull()) {
                            filled.add(batch);
                            batch = take(empty);
                            batch.clear();
                        }
                    }
                }
            }
        } finally {
            // Also what came before a failure.
            filled.add(batch);
        }
    }

    /** The next batch, for which the one before is given back; null after the last. Waits for it. */
    @Nullable
    AheadBatch next(@Nullable AheadBatch before) throws StorageFailure {
        if (before != null) {
            empty.add(before);
        }
        AheadBatch next = take(filled);
        if (next != end) {
            return next;
        }
        filled.add(end);
        Throwable thrown = failure;
        if (thrown instanceof StorageFailure known) {
            throw known;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (RuntimeException) thrown;
        }
        return null;
    }

    /** Ends the reading; when this returns, the cursor is the caller's again. */
    void stop(@Nullable AheadBatch last) {
        stopped = true;
        // With these the reading thread has a batch to go on with, and sees that it is to end.
        if (last != null) {
            empty.add(last);
        }
        for (AheadBatch batch = filled.poll(); batch != null; batch = filled.poll()) {
            if (batch != end) {
                empty.add(batch);
            }
        }
        boolean interrupted = false;
        while (true) {
            try {
                ended.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for it, also where that is interrupted. */
    private static AheadBatch take(BlockingQueue<AheadBatch> queue) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return queue.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package io.metricstream.storage.head;

import io.metricstream.model.SeriesKey;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.Transferred;
import io.metricstream.storage.wal.WalReplay;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Brings into memory what of the log is not in parts yet, while the flusher makes parts of what has no room there.
 *
 * <p>Thread: start-up, which waits where the flusher is behind. Refs are given anew; the log goes on in a new epoch.
 */
@OwnedBy(Role.MAIN)
public final class HeadReplay implements WalReplay {
    private static final long WAIT_NANOS = 1_000_000L;

    private final Head head;
    private final long flushedUpTo;
    private final long[] cuts;
    private int cut;
    private int[] refOf = new int[0];
    private int[] refs = new int[0];
    private long skippedSamples;

    /**
     * @param flushedUpTo samples of the records up to this one are in parts already
     * @param cuts in ascending order, records after which a memtable ended, for something was deleted there
     */
    public HeadReplay(Head head, long flushedUpTo, @Transferred long[] cuts) {
        this.head = head;
        this.flushedUpTo = flushedUpTo;
        this.cuts = cuts;
        head.startAt(flushedUpTo + 1);
    }

    @Override
    public void onSeries(int ref, @Borrowed byte[] key, int offset, int length) {
        long hash = SeriesKey.hash(key, offset, length);
        SeriesTable series = head.series();
        int known = series.find(key, offset, length, hash);
        if (ref >= refOf.length) {
            refOf = Arrays.copyOf(refOf, Math.max(ref + 1, refOf.length * 2));
        }
        refOf[ref] = known >= 0 ? known : series.addBeyondLimits(key, offset, length, hash);
    }

    @Override
    public void onSamples(
            long sequence,
            int count,
            @Borrowed int[] logged,
            @Borrowed long[] timestampsMillis,
            @Borrowed double[] values) {
        if (sequence <= flushedUpTo) {
            skippedSamples += count;
            return;
        }
        cutBefore(sequence);
        await(head::tryMakeRoomToRecover);
        if (refs.length < count) {
            refs = new int[Math.max(count, refs.length * 2)];
        }
        for (int i = 0; i < count; i++) {
            refs[i] = refOf[logged[i]];
        }
        head.append(refs, timestampsMillis, values, count);
        boolean unused = head.onApplied(sequence + 1);
    }

    /** The log is read: the next record has this number. */
    public void finish(long nextSequence) {
        cutBefore(nextSequence);
        boolean unused = head.onApplied(nextSequence);
    }

    /** Samples that were in parts already. */
    public long skippedSamples() {
        return skippedSamples;
    }

    private void cutBefore(long sequence) {
        while (cut < cuts.length && cuts[cut] < sequence) {
            long after = cuts[cut++];
            if (after > flushedUpTo) {
                boolean unused = head.onApplied(after + 1);
                await(head::tryFreeze);
            }
        }
    }

    private static void await(BooleanSupplier attempt) {
        while (!attempt.getAsBoolean()) {
            LockSupport.parkNanos(WAIT_NANOS);
        }
    }
}

package io.metricstream.ring;

import io.metricstream.model.SampleBatch;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import org.jspecify.annotations.Nullable;

/**
 * One request's way through the ring and back; reused by the event loop that made it.
 *
 * <p>Thread: the event loop until {@link WriteRing#tryPublish} returns true, then the disk writer until
 * {@link Completions#onGroupDone}, then the event loop again. Owns: its batch.
 */
@OwnedBy(Role.EVENT_LOOP)
public final class WriteRequest {
    /** Why a sample was not stored ({@link #whyNot}): there is no room for its series. */
    public static final int NOT_STORED = Integer.MIN_VALUE;
    /** Its metric has too many series. */
    public static final int METRIC_FULL = Integer.MIN_VALUE + 1;
    /** Its client has had too many new series. */
    public static final int CLIENT_FULL = Integer.MIN_VALUE + 2;

    /** Refs below it are of samples that were not stored: the reason in two bits, above it the index of the new series. */
    private static final int REFUSED_BELOW = -(1 << 30);

    private static final int REASON_BITS = 2;
    private static final int REASON = 3;

    /** Answers one request, on its event loop. */
    @FunctionalInterface
    public interface Answer {
        void onOutcome(WriteRequest request);
    }

    private final SampleBatch batch = new SampleBatch();
    private final Completions home;
    private final Answer answer;

    private String client = "";
    private boolean allOrNothing;
    private WriteOutcome outcome = WriteOutcome.FAILED;
    private int notStored;
    private long weightBytes;
    private @Nullable WriteRequest next;

    public WriteRequest(Completions home, Answer answer) {
        this.home = home;
        this.answer = answer;
    }

    public SampleBatch batch() {
        return batch;
    }

    /** Whether a ref says that the sample was not stored; then {@link #whyNot} and {@link #refusedSeries} tell more. */
    public static boolean isRefused(int ref) {
        return ref < REFUSED_BELOW;
    }

    /** {@link #NOT_STORED}, {@link #METRIC_FULL} or {@link #CLIENT_FULL}. */
    public static int whyNot(int ref) {
        return NOT_STORED | (ref & REASON);
    }

    /** Which of the batch's new series a sample that was not stored is of. */
    public static int refusedSeries(int ref) {
        return (ref & Integer.MAX_VALUE) >>> REASON_BITS;
    }

    /** The ref of a sample whose series, one of the batch's new ones, cannot be created. */
    static int refused(int why, int newSeries) {
        return why | newSeries << REASON_BITS;
    }

    /** Who sends it, by whom new series are counted. */
    public void client(String name) {
        client = name;
    }

    /** With true, nothing is stored unless every sample's series exists or can be created. */
    public void allOrNothing(boolean value) {
        allOrNothing = value;
    }

    public WriteOutcome outcome() {
        return outcome;
    }

    /** How many samples have such a ref, after {@link WriteOutcome#STORED} or REFUSED. */
    public int notStored() {
        return notStored;
    }

    /** The next finished request of the same group and event loop. */
    public @Nullable WriteRequest next() {
        return next;
    }

    /** Runs the answer; called by {@link Completions} on the event loop, once. */
    public void complete() {
        next = null;
        answer.onOutcome(this);
    }

    String client() {
        return client;
    }

    boolean allOrNothing() {
        return allOrNothing;
    }

    Completions home() {
        return home;
    }

    long weightBytes() {
        return weightBytes;
    }

    void weigh() {
        weightBytes = batch.weightBytes();
    }

    void finish(WriteOutcome result, int rejected) {
        outcome = result;
        notStored = rejected;
    }

    void chain(@Nullable WriteRequest following) {
        next = following;
    }
}

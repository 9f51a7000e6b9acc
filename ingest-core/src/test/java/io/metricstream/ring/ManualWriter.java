package io.metricstream.ring;

import com.lmax.disruptor.EventPoller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Stands where the disk writer stands, and does what a test says: it takes requests from the ring and finishes them
 * in any order, with any outcome.
 */
public final class ManualWriter {
    private final WriteRing ring;
    private final EventPoller<WriteRing.Slot> poller;

    public ManualWriter(int slots, long maxBytes) {
        var pace = new GroupPace(() -> 0);
        ring = new WriteRing(new RingConfig(slots, maxBytes, Duration.ofSeconds(10)), new ParkingWait(pace, 1));
        poller = ring.buffer().newPoller();
        ring.buffer().addGatingSequences(poller.getSequence());
    }

    public WriteRing ring() {
        return ring;
    }

    /** What waits in the ring, in the order it came. */
    public List<WriteRequest> take() {
        List<WriteRequest> taken = new ArrayList<>();
        try {
            poller.poll((slot, sequence, endOfBatch) -> taken.add(slot.take()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return taken;
    }

    /** Hands requests of one event loop back, as a group. */
    public void finish(WriteOutcome outcome, List<WriteRequest> group) {
        WriteRequest following = null;
        for (int i = group.size() - 1; i >= 0; i--) {
            WriteRequest request = group.get(i);
            request.finish(outcome, notStored(request));
            request.chain(following);
            ring.release(request.weightBytes());
            following = request;
        }
        if (following != null) {
            following.home().onGroupDone(following);
        }
    }

    private static int notStored(WriteRequest request) {
        int[] refs = request.batch().refs();
        return (int) Arrays.stream(refs, 0, request.batch().count())
                .filter(WriteRequest::isRefused)
                .count();
    }

    /** Stores everything that waits, as one group; returns whether anything did. */
    public boolean storeAll() {
        List<WriteRequest> group = take();
        finish(WriteOutcome.STORED, group);
        return !group.isEmpty();
    }
}

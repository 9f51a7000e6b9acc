package io.metricstream.ring;

import com.lmax.disruptor.EventPoller;
import java.time.Duration;
import java.util.ArrayList;
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

    /** Hands one request back, as a group of its own. */
    public void finish(WriteRequest request, WriteOutcome outcome, int notStored) {
        request.finish(outcome, notStored);
        request.chain(null);
        ring.release(request.weightBytes());
        request.home().onGroupDone(request);
    }

    /** Stores everything that waits. */
    public void storeAll() {
        take().forEach(request -> finish(request, WriteOutcome.STORED, 0));
    }
}

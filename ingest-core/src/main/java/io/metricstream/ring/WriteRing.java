package io.metricstream.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.ProducerType;
import io.metricstream.own.ThreadSafe;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bounded way from the event loops to the disk writer: a Disruptor ring of requests, bounded by slots and by bytes.
 *
 * <p>Thread: any event loop publishes; the disk writer takes. Order: what a producer wrote into the request before
 * {@link #tryPublish} is visible to the writer.
 *
 * <p>Limits: {@link RingConfig#slots} and {@link RingConfig#maxBytes}; at either, {@link #tryPublish} returns false at
 * once and changes nothing.
 */
@ThreadSafe("the Disruptor's multi-producer protocol, and one atomic count of bytes")
public final class WriteRing {
    /** One place in the ring; holds a request from its publication until its group is finished. */
    static final class Slot {
        private @Nullable WriteRequest request;
        private @Nullable FreezeRequest freeze;

        @Nullable
        WriteRequest take() {
            WriteRequest taken = request;
            request = null;
            return taken;
        }

        @Nullable
        FreezeRequest takeFreeze() {
            FreezeRequest taken = freeze;
            freeze = null;
            return taken;
        }
    }

    private final RingBuffer<Slot> ring;
    private final long maxBytes;
    private final AtomicLong pendingBytes = new AtomicLong();

    WriteRing(RingConfig config, ParkingWait wait) {
        this.ring = RingBuffer.create(ProducerType.MULTI, Slot::new, config.slots(), wait);
        this.maxBytes = config.maxBytes();
    }

    /**
     * Hands a request to the disk writer; false where the ring is full. A request heavier than the whole budget enters
     * an empty ring alone.
     */
    public boolean tryPublish(WriteRequest request) {
        request.weigh();
        long weight = request.weightBytes();
        long before = pendingBytes.getAndAdd(weight);
        if (before != 0 && before + weight > maxBytes) {
            pendingBytes.getAndAdd(-weight);
            return false;
        }
        long sequence;
        try {
            sequence = ring.tryNext();
        } catch (com.lmax.disruptor.InsufficientCapacityException full) {
            pendingBytes.getAndAdd(-weight);
            return false;
        }
        ring.get(sequence).request = request;
        ring.publish(sequence);
        return true;
    }

    /** Hands a command to the disk writer; false where the ring is full. */
    boolean tryPublish(FreezeRequest freeze) {
        long sequence;
        try {
            sequence = ring.tryNext();
        } catch (com.lmax.disruptor.InsufficientCapacityException full) {
            return false;
        }
        ring.get(sequence).freeze = freeze;
        ring.publish(sequence);
        return true;
    }

    /** What waits in the ring or is being written, in bytes. */
    public long pendingBytes() {
        return pendingBytes.get();
    }

    public long maxBytes() {
        return maxBytes;
    }

    public int slots() {
        return ring.getBufferSize();
    }

    /** Slots that hold a request not yet taken by the writer. */
    public long usedSlots() {
        return ring.getBufferSize() - ring.remainingCapacity();
    }

    RingBuffer<Slot> buffer() {
        return ring;
    }

    void release(long weightBytes) {
        pendingBytes.getAndAdd(-weightBytes);
    }
}

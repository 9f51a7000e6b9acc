package io.metricstream.ring;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests that wait for one force, in their order and chained per event loop. */
@OwnedBy(Role.DISK_WRITER)
final class Group {
    private static final Logger LOG = LoggerFactory.getLogger(Group.class);

    private @Nullable WriteRequest[] heads = new WriteRequest[4];
    private @Nullable WriteRequest[] tails = new WriteRequest[4];
    private WriteRequest[] inOrder = new WriteRequest[64];
    private int requests;
    private long weightBytes;

    void add(WriteRequest request) {
        int loop = request.home().index();
        if (loop >= heads.length) {
            int length = Math.max(loop + 1, heads.length * 2);
            heads = Arrays.copyOf(heads, length);
            tails = Arrays.copyOf(tails, length);
        }
        request.chain(null);
        WriteRequest last = tails[loop];
        if (last == null) {
            heads[loop] = request;
        } else {
            last.chain(request);
        }
        tails[loop] = request;
        if (requests == inOrder.length) {
            inOrder = Arrays.copyOf(inOrder, requests * 2);
        }
        inOrder[requests++] = request;
        weightBytes += request.weightBytes();
    }

    boolean isEmpty() {
        return requests == 0;
    }

    int requests() {
        return requests;
    }

    long weightBytes() {
        return weightBytes;
    }

    /** The requests in the order in which they were added, which is that of the log. */
    WriteRequest get(int index) {
        return inOrder[index];
    }

    /** Gives every request of the group this outcome, whatever it had. */
    void failAll(WriteOutcome outcome) {
        for (WriteRequest head : heads) {
            for (WriteRequest request = head; request != null; request = request.next()) {
                request.finish(outcome, 0);
            }
        }
    }

    /**
     * Hands every chain to its event loop and is empty again. A loop that throws, which none should, keeps the others
     * from nothing.
     */
    void handBack() {
        Arrays.fill(inOrder, 0, requests, null);
        requests = 0;
        weightBytes = 0;
        for (int loop = 0; loop < heads.length; loop++) {
            WriteRequest first = heads[loop];
            heads[loop] = null;
            tails[loop] = null;
            if (first != null) {
                try {
                    first.home().onGroupDone(first);
                } catch (RuntimeException bug) {
                    LOG.error("an event loop did not take its answers: index={}", loop, bug);
                }
            }
        }
    }
}

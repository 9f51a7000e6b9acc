package io.metricstream.api;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * How often each of very many texts was seen, known by 64-bit hashes alone: two texts of a million have the same one in one
 * case of thirty million.
 *
 * <p>Limits: so many different texts as it is told, at 24 bytes; others are not counted.
 */
@OwnedBy(Role.QUERY)
final class PairCounts {
    private final int most;
    private long[] hashes = new long[1024];
    private int[] counts = new int[1024];
    private int size;
    private boolean full;

    PairCounts(int most) {
        this.most = most;
    }

    /** Counts a text; true where it is a new one. */
    boolean add(long hash) {
        int slot = slot(hashes, counts, hash);
        if (counts[slot] > 0) {
            counts[slot]++;
            return false;
        }
        if (size == most) {
            full = true;
            return false;
        }
        hashes[slot] = hash;
        counts[slot] = 1;
        if (++size > hashes.length / 2) {
            grow();
        }
        return true;
    }

    /** Different texts. */
    int size() {
        return size;
    }

    /** Whether there were more than there was room for. */
    boolean isFull() {
        return full;
    }

    /** The hashes seen most often with their counts. */
    Map<Long, Integer> top(int wanted) {
        var least = new PriorityQueue<Integer>(Comparator.comparingInt(slot -> counts[slot]));
        for (int slot = 0; slot < counts.length && wanted > 0; slot++) {
            if (counts[slot] > 0 && (least.size() < wanted || counts[slot] > counts[least.element()])) {
                least.add(slot);
                if (least.size() > wanted) {
                    least.remove();
                }
            }
        }
        var top = new HashMap<Long, Integer>();
        least.forEach(slot -> top.put(hashes[slot], counts[slot]));
        return top;
    }

    private void grow() {
        var moreHashes = new long[hashes.length * 2];
        var moreCounts = new int[hashes.length * 2];
        for (int i = 0; i < hashes.length; i++) {
            if (counts[i] > 0) {
                int slot = slot(moreHashes, moreCounts, hashes[i]);
                moreHashes[slot] = hashes[i];
                moreCounts[slot] = counts[i];
            }
        }
        hashes = moreHashes;
        counts = moreCounts;
    }

    /** Where a hash is, or the free place where it belongs. */
    private static int slot(long[] hashes, int[] counts, long hash) {
        int mask = hashes.length - 1;
        int slot = (int) (hash ^ (hash >>> 32)) & mask;
        while (counts[slot] > 0 && hashes[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}

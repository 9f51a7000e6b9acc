package io.metricstream.storage.head;

import java.util.ArrayDeque;
import java.util.Deque;

/** Keeps frozen memtables for a test, which says when they are flushed. */
public final class FrozenList implements MemtableSink {
    private final Deque<Memtable> frozen = new ArrayDeque<>();
    private boolean full;
    private boolean broken;

    @Override
    public synchronized boolean canTake() {
        if (broken) {
            throw new IllegalStateException("as the test wants it");
        }
        return !full;
    }

    @Override
    public synchronized void onFrozen(Memtable memtable) {
        frozen.addLast(memtable);
    }

    /** From here on, it is not what anybody expects. */
    public synchronized void breakDown() {
        broken = true;
    }

    /** With true, nothing more can be frozen. */
    public synchronized void full(boolean value) {
        full = value;
    }

    public synchronized int size() {
        return frozen.size();
    }

    /** The one that was frozen first of those that are not flushed; null where there is none. */
    public synchronized Memtable oldest() {
        return frozen.peekFirst();
    }

    /** Lets the head forget the oldest one; the number of its last record, or -1 where there is none. */
    public synchronized long flushOldest(Head head) {
        Memtable oldest = frozen.pollFirst();
        if (oldest == null) {
            return -1;
        }
        long last = oldest.lastSequence();
        head.onFlushed(oldest);
        return last;
    }
}

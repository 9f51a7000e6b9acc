package io.metricstream.storage.head;

/**
 * Where frozen memtables go: whoever makes parts of them, and says {@link Head#onFlushed} when they are durable there.
 *
 * <p>Thread: called by the disk writer, and by start-up while it replays the log; never blocks.
 */
public interface MemtableSink {
    /**
     * Whether another memtable may be frozen, as far as parts are concerned; false while merging is too far behind.
     * What the frozen memtables take together is {@link Head}'s concern.
     */
    boolean canTake();

    /** A memtable, never empty, that does not change any more; they come in the order of their sequences. */
    void onFrozen(Memtable frozen);
}

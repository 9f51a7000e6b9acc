package io.metricstream.server;

import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.Memtable;
import io.metricstream.storage.head.MemtableSink;
import org.jspecify.annotations.Nullable;

/** Lets go of what memory has no room for: without parts, the log is the store of it. */
@ThreadSafe("set once, by start-up, before anything is frozen")
final class LogAlone implements MemtableSink {
    private volatile @Nullable Head head;

    void start(Head from) {
        head = from;
    }

    @Override
    public boolean canTake() {
        return true;
    }

    @Override
    public void onFrozen(Memtable frozen) {
        Head from = head;
        if (from != null) {
            from.onFlushed(frozen);
        }
    }
}

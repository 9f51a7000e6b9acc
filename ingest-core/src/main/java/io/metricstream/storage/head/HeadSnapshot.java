package io.metricstream.storage.head;

import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Queryable;
import java.util.List;

/**
 * The memtables at one moment, newest first, kept until {@link #close}.
 *
 * <p>Order: who reads memory and parts takes the snapshot of memory first: a memtable leaves memory only after its parts
 * can be seen, so nothing is missed, and what is seen twice is the same.
 */
@ThreadSafe("the list is immutable; closed once, by whoever took it")
public final class HeadSnapshot implements AutoCloseable {
    private final List<Memtable> memtables;
    private boolean closed;

    HeadSnapshot(List<Memtable> memtables) {
        this.memtables = memtables;
    }

    /** What to ask, newest first; the first one is still being appended to. */
    public List<Queryable> newestFirst() {
        return List.copyOf(memtables);
    }

    /** The same with their types. */
    public List<Memtable> memtables() {
        return memtables;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memtables.forEach(Memtable::letGo);
        }
    }
}

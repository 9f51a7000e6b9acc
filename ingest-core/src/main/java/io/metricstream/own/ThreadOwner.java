package io.metricstream.own;

import org.jspecify.annotations.Nullable;

/**
 * Remembers which thread owns an object, so that an entry method can begin with {@code assert owner.check()}.
 *
 * <p>The first thread that checks becomes the owner; {@link #release} lets the next one take over. Costs nothing where
 * assertions are off. A race between two wrong threads may go unseen once; it is a net for bugs, not a lock.
 */
@ThreadSafe("a benign race on one reference; used in assertions only")
public final class ThreadOwner {
    private @Nullable Thread thread;

    /** Returns true where the calling thread is the owner or becomes it; fails with the two names otherwise. */
    public boolean check() {
        Thread current = Thread.currentThread();
        Thread owner = thread;
        if (owner == null) {
            thread = current;
            return true;
        }
        if (owner != current) {
            throw new IllegalStateException(
                    "used by two threads: owner=" + owner.getName() + ", caller=" + current.getName());
        }
        return true;
    }

    /** Gives the object up, so that the next thread that checks owns it. Returns true, for use in an assertion. */
    public boolean release() {
        thread = null;
        return true;
    }
}

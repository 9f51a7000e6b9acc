package io.metricstream.promql.engine;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.own.ThreadSafe;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all queries that are computed and answered may hold together. Each takes its share piece by piece as it grows, and gives
 * all of it back at its end.
 */
@ThreadSafe("a number that changes by compare-and-set; a share has one owner")
public final class QueryMemory {
    /** Shares grow by whole ones where there are, so that few of the changes of a query are seen here. */
    static final long PIECE_BYTES = 1 << 18;

    private final long mostBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    public QueryMemory(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** The share of one query, which has nothing yet. */
    public Share share() {
        return new Share();
    }

    /** What all shares are together. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** Holds as many more bytes as asked for, or as there are, if these are enough; 0 where they are not. */
    private long hold(long bytes, long enough) {
        long held = heldBytes.get();
        while (true) {
            long more = Math.min(bytes, mostBytes - held);
            if (more < enough) {
                return 0;
            }
            long found = heldBytes.compareAndExchange(held, held + more);
            if (found == held) {
                return more;
            }
            held = found;
        }
    }

    /** What one query holds, until its answer is written. */
    @OwnedBy(Role.QUERY)
    public final class Share implements AutoCloseable {
        private long bytes;

        private Share() {}

        /** Makes it this large at least, and tells how large it is. */
        long growTo(long wantedBytes) throws QueryException {
            if (wantedBytes > bytes) {
                long enough = wantedBytes - bytes;
                long more = hold((enough + PIECE_BYTES - 1) / PIECE_BYTES * PIECE_BYTES, enough);
                if (more == 0) {
                    throw new QueryException(
                            QueryException.Kind.BUSY,
                            "queries need too much memory together: wanted at most " + mostBytes + " bytes at a time");
                }
                bytes += more;
            }
            return bytes;
        }

        @Override
        public void close() {
            heldBytes.addAndGet(-bytes);
            bytes = 0;
        }
    }
}

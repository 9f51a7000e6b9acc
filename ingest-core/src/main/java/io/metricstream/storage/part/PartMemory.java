package io.metricstream.storage.part;

import io.metricstream.own.Borrowed;
import io.metricstream.own.ThreadSafe;
import io.metricstream.own.Transferred;
import io.metricstream.storage.block.Unsqueezer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What readers of parts leave to those that come after them: the pages of indexes and of samples that were read last, and
 * unsqueezers, each of which takes longer to make than many a reader needs it.
 *
 * <p>Thread: any. Owns: what it was left, until {@link #close}; what comes afterwards it lets go at once. Limits:
 * {@value #MOST_INDEX_BYTES} bytes of index pages, {@value #MOST_SAMPLE_PAGES} pages of samples with what is read in them,
 * some 200 kB each, and {@value #MOST_UNSQUEEZERS} unsqueezers, some 100 kB each outside of the heap.
 */
@ThreadSafe("all under the monitor; arrays of index pages never change")
public final class PartMemory implements AutoCloseable {
    private static final int MOST_INDEX_BYTES = 2 << 20;
    /** One bitmap can be as large as all other pages together. */
    private static final int MOST_PAGE_BYTES = 64 << 10;

    private static final int MOST_SAMPLE_PAGES = 16;
    private static final int MOST_UNSQUEEZERS = 16;

    /** By the time of their last use, the latest last. */
    private final Map<Place, byte[]> indexPages = new LinkedHashMap<>(64, 0.75f, true);

    /** The one left latest is the last. */
    private final Deque<SamplePage> samplePages = new ArrayDeque<>();

    private final Deque<Unsqueezer> unsqueezers = new ArrayDeque<>();
    private int indexBytes;
    private long parts;
    private boolean closed;

    /** Where a page is; its kind is that under which it was read. */
    private record Place(long part, long offset, byte kind) {}

    /** One that keeps nothing, for parts that are read once. */
    static PartMemory none() {
        var none = new PartMemory();
        none.close();
        return none;
    }

    /** A number that no other part has. */
    synchronized long nextPart() {
        return parts++;
    }

    /** The payload of an index page; null where it is not known. The array must not be changed. */
    synchronized byte @Nullable [] index(long part, long offset, byte kind) {
        return indexPages.get(new Place(part, offset, kind));
    }

    /** Leaves the payload of an index page, unless it is large. */
    synchronized void leaveIndex(long part, long offset, byte kind, @Transferred byte[] payload) {
        if (closed || payload.length > MOST_PAGE_BYTES) {
            return;
        }
        byte[] before = indexPages.put(new Place(part, offset, kind), payload);
        indexBytes += payload.length - (before == null ? 0 : before.length);
        var eldest = indexPages.entrySet().iterator();
        while (indexBytes > MOST_INDEX_BYTES) {
            indexBytes -= eldest.next().getValue().length;
            eldest.remove();
        }
    }

    /** The page of samples with this number, where it was left, or another one to be filled with it. */
    synchronized SamplePage takeSamples(long part, int number, @Borrowed Unsqueezer unsqueezer) {
        SamplePage taken = null;
        for (SamplePage page : samplePages) {
            if (page.holds(part, number)) {
                taken = page;
            }
        }
        if (taken == null && samplePages.size() == MOST_SAMPLE_PAGES) {
            taken = samplePages.getFirst();
        }
        if (taken == null) {
            return new SamplePage(unsqueezer);
        }
        samplePages.remove(taken);
        taken.use(unsqueezer);
        return taken;
    }

    synchronized void leaveSamples(@Transferred SamplePage page) {
        if (!closed && samplePages.size() < MOST_SAMPLE_PAGES) {
            samplePages.addLast(page);
        }
    }

    synchronized Unsqueezer takeUnsqueezer() {
        Unsqueezer last = unsqueezers.pollLast();
        return last == null ? new Unsqueezer() : last;
    }

    synchronized void leaveUnsqueezer(@Transferred Unsqueezer unsqueezer) {
        if (closed || unsqueezers.size() == MOST_UNSQUEEZERS) {
            unsqueezer.close();
        } else {
            unsqueezers.addLast(unsqueezer);
        }
    }

    /** A part is closed: nobody asks for its pages any more. */
    synchronized void forget(long part) {
        samplePages.removeIf(page -> page.isOf(part));
        indexPages.keySet().removeIf(place -> place.part() == part);
        indexBytes = indexPages.values().stream().mapToInt(page -> page.length).sum();
    }

    @Override
    public synchronized void close() {
        closed = true;
        indexPages.clear();
        indexBytes = 0;
        samplePages.clear();
        unsqueezers.forEach(Unsqueezer::close);
        unsqueezers.clear();
    }
}

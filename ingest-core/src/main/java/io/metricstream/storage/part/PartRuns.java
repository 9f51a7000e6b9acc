package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.BlockFormatException;
import io.metricstream.storage.block.BlockPageReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one series of a part: a run for each block, cut to the selection.
 *
 * <p>Thread: that of its cursor. Owns: one page of samples, and the columns of one block that is cut.
 */
@OwnedBy(Role.QUERY)
final class PartRuns implements SampleRuns {
    private final PartInput input;
    private final Contents contents;
    private final PartDamage damage;
    private final long fromMillis;
    private final long toMillis;
    /** Nothing of the part is outside of the selection. */
    private final boolean whole;

    /** Taken when the first page is read. */
    private @Nullable SamplePage samples;

    private int pageNumber = -1;
    /** The page that could not be read last, or -1. */
    private int damagedPage = -1;

    private long nextBlock;
    private long endBlock;
    private boolean primed;
    /** The block among those of its page. */
    private int block;

    /** A block that sticks out of the selection: these columns hold what is inside. */
    private boolean cut;

    private long[] cutTimes = new long[0];
    private double[] cutValues = new double[0];
    private int count;

    PartRuns(PartCursor.Source source, Selection selection) {
        this.input = source.input();
        this.contents = source.contents();
        this.damage = source.damage();
        this.fromMillis = selection.fromMillis();
        this.toMillis = selection.toMillis();
        this.whole = fromMillis <= contents.header().minMillis()
                && toMillis >= contents.header().maxMillis();
    }

    /** Begins with a series that has these blocks; false where nothing of it is in the selection. */
    boolean begin(long first, int blocks) throws StorageFailure {
        nextBlock = first;
        endBlock = first + blocks;
        primed = false;
        if (whole && !damage.passesOver()) {
            return true;
        }
        primed = next();
        return primed;
    }

    @Override
    public boolean next() throws StorageFailure {
        if (primed) {
            primed = false;
            return true;
        }
        while (nextBlock < endBlock) {
            if (load(nextBlock++) && isSelected()) {
                return true;
            }
        }
        return false;
    }

    /** Whether the current block has samples in the selection, to which it is cut. */
    private boolean isSelected() throws StorageFailure {
        long first = reader().firstMillis(block);
        long last = reader().lastMillis(block);
        if (first > toMillis || last < fromMillis) {
            return false;
        }
        cut = first < fromMillis || last > toMillis;
        count = reader().count(block);
        return !cut || trim();
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long firstMillis() {
        return cut ? cutTimes[0] : reader().firstMillis(block);
    }

    @Override
    public long lastMillis() {
        return cut ? cutTimes[count - 1] : reader().lastMillis(block);
    }

    @Override
    public boolean isSummarized() {
        return !cut && reader().isSummarized(block);
    }

    @Override
    public double min() {
        return reader().min(block);
    }

    @Override
    public double max() {
        return reader().max(block);
    }

    @Override
    public double sum() {
        return reader().sum(block);
    }

    @Override
    public boolean isSumExact() {
        return reader().isSumExact(block);
    }

    @Override
    public long[] timestampsMillis() throws StorageFailure {
        return cut ? cutTimes : decodeTimes();
    }

    @Override
    public double[] values() throws StorageFailure {
        return cut ? cutValues : decodeValues();
    }

    /** Keeps what is in the selection; false where that is nothing. */
    private boolean trim() throws StorageFailure {
        long[] times = decodeTimes();
        int from = 0;
        while (from < count && times[from] < fromMillis) {
            from++;
        }
        int to = count;
        while (to > from && times[to - 1] > toMillis) {
            to--;
        }
        count = to - from;
        if (count == 0) {
            return false;
        }
        if (cutTimes.length < count) {
            cutTimes = new long[times.length];
            cutValues = new double[times.length];
        }
        System.arraycopy(times, from, cutTimes, 0, count);
        System.arraycopy(decodeValues(), from, cutValues, 0, count);
        return true;
    }

    private long[] decodeTimes() throws StorageFailure {
        try {
            return timesOf(block);
        } catch (StorageFailure.Corrupt e) {
            damage.onDamage(e);
            throw e;
        }
    }

    private double[] decodeValues() throws StorageFailure {
        try {
            return valuesOf(block);
        } catch (StorageFailure.Corrupt e) {
            damage.onDamage(e);
            throw e;
        }
    }

    private long[] timesOf(int of) throws StorageFailure {
        try {
            long[] times = reader().timestampsMillis(of);
            if (times[reader().count(of) - 1] != reader().lastMillis(of)) {
                throw new BlockFormatException("a block of other times than its directory says");
            }
            return times;
        } catch (BlockFormatException e) {
            throw corrupt(e);
        }
    }

    private double[] valuesOf(int of) throws StorageFailure {
        try {
            return reader().values(of);
        } catch (BlockFormatException e) {
            throw corrupt(e);
        }
    }

    /** Brings the page of a block in, and makes the block the current one; false where its page is damaged and passed over. */
    private boolean load(long number) throws StorageFailure {
        long[] firstBlocks = contents.firstBlocks();
        int wanted = pageNumber;
        if (wanted < 0 || number < firstBlocks[wanted] || number >= firstBlocks[wanted + 1]) {
            int found = Arrays.binarySearch(firstBlocks, number);
            wanted = found >= 0 ? found : -found - 2;
        }
        if (wanted == damagedPage) {
            return false;
        }
        try {
            if (wanted != pageNumber) {
                open(wanted);
            }
            block = (int) (number - firstBlocks[wanted]);
            if (damage.passesOver()) {
                // Only what can be decoded is told of at all.
                var unusedTimes = timesOf(block);
                var unusedValues = valuesOf(block);
            }
            return true;
        } catch (StorageFailure.Corrupt e) {
            damage.onDamage(e);
            if (!damage.passesOver()) {
                throw e;
            }
            pageNumber = -1;
            damagedPage = wanted;
            return false;
        }
    }

    private void open(int number) throws StorageFailure {
        pageNumber = -1;
        SamplePage page = samples;
        if (page == null) {
            page = input.takeSamples(number);
            samples = page;
        }
        if (!page.holds(input.part(), number)) {
            page.open(input, contents, number);
        }
        pageNumber = number;
    }

    private BlockPageReader reader() {
        return page().reader();
    }

    private SamplePage page() {
        SamplePage page = samples;
        if (page == null) {
            throw new IllegalStateException("no run yet");
        }
        return page;
    }

    /** Leaves the page to who comes next. */
    void close() {
        SamplePage page = samples;
        if (page != null) {
            samples = null;
            input.leaveSamples(page);
        }
    }

    private StorageFailure.Corrupt corrupt(BlockFormatException e) {
        return input.corrupt(page().offset(), "no page of blocks: " + e.getMessage());
    }
}

package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.BlockDecoder;
import io.metricstream.storage.block.BlockFormatException;

/**
 * The samples of one series of a part: a run for each block, cut to the selection.
 *
 * <p>Thread: that of its cursor. Owns: one page of samples and the columns of one block.
 */
@OwnedBy(Role.QUERY)
final class PartRuns implements SampleRuns {
    private final PartInput input;
    private final Contents contents;
    private final SeriesBlocks blocks;
    private final long fromMillis;
    private final long toMillis;
    private final PartInput.Page page = new PartInput.Page();
    private final BlockDecoder decoder = new BlockDecoder();
    private long[] times = new long[PartLayout.MAX_BLOCK_SAMPLES];
    private double[] values = new double[PartLayout.MAX_BLOCK_SAMPLES];

    private int block;
    private boolean decoded;
    private boolean primed;
    /** A block that sticks out of the selection: its columns hold what is inside. */
    private boolean cut;

    private int count;

    PartRuns(PartInput input, Contents contents, SeriesBlocks blocks, Selection selection) {
        this.input = input;
        this.contents = contents;
        this.blocks = blocks;
        this.fromMillis = selection.fromMillis();
        this.toMillis = selection.toMillis();
    }

    /** Begins with the series the reader stands on; false where nothing of it is in the selection. */
    boolean begin() throws StorageFailure {
        block = -1;
        primed = false;
        primed = next();
        return primed;
    }

    @Override
    public boolean next() throws StorageFailure {
        if (primed) {
            primed = false;
            return true;
        }
        while (++block < blocks.count()) {
            decoded = false;
            long first = blocks.firstMillis[block];
            long last = blocks.lastMillis[block];
            if (first > toMillis || last < fromMillis) {
                continue;
            }
            cut = first < fromMillis || last > toMillis;
            count = blocks.samples[block];
            if (!cut || trim()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long firstMillis() {
        return cut ? times[0] : blocks.firstMillis[block];
    }

    @Override
    public long lastMillis() {
        return cut ? times[count - 1] : blocks.lastMillis[block];
    }

    @Override
    public boolean isSummarized() {
        return !cut && blocks.summarized[block];
    }

    @Override
    public double min() {
        return blocks.min[block];
    }

    @Override
    public double max() {
        return blocks.max[block];
    }

    @Override
    public double sum() {
        return blocks.sum[block];
    }

    @Override
    public long[] timestampsMillis() throws StorageFailure {
        decode();
        return times;
    }

    @Override
    public double[] values() throws StorageFailure {
        decode();
        return values;
    }

    /** Keeps what is in the selection; false where that is nothing. */
    private boolean trim() throws StorageFailure {
        decode();
        int from = 0;
        while (from < count && times[from] < fromMillis) {
            from++;
        }
        int to = count;
        while (to > from && times[to - 1] > toMillis) {
            to--;
        }
        count = to - from;
        System.arraycopy(times, from, times, 0, count);
        System.arraycopy(values, from, values, 0, count);
        return count > 0;
    }

    private void decode() throws StorageFailure {
        if (decoded) {
            return;
        }
        long at = contents.samplePages()[blocks.page[block]];
        input.read(at, PartLayout.KIND_SAMPLES, PartLayout.SAMPLE_PAGE_BYTES, page);
        long end = (long) blocks.offset[block] + blocks.length[block];
        int samples = blocks.samples[block];
        try {
            if (end > page.length()) {
                throw new BlockFormatException("a block beyond the end of its page");
            }
            decoder.decode(page.bytes(), blocks.offset[block], (int) end, samples, times, values);
        } catch (BlockFormatException e) {
            throw input.corrupt(at, "no block of samples at " + blocks.offset[block] + ": " + e.getMessage());
        }
        if (times[0] != blocks.firstMillis[block] || times[samples - 1] != blocks.lastMillis[block]) {
            throw input.corrupt(at, "a block of other times than its series says");
        }
        decoded = true;
    }
}

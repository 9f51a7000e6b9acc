package io.metricstream.storage.block;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Reads the blocks of a page: which there are from its directory, their samples from what remains of times and values.
 *
 * <p>Order: {@link #open}; {@link #loadTimes} before {@link #timestampsMillis} where {@link #needsTimes}; {@link #loadValues}
 * before {@link #values}. What those two return is valid until the same is asked of another block.
 * Fails: {@link MalformedException} on bytes that no writer makes, before anything large is allocated.
 */
@OwnedBy(Role.QUERY)
public final class PageReader implements AutoCloseable {
    /** Bytes behind what is loaded that may be read, whatever they are. */
    public static final int SLACK_BYTES = 8;

    private final Unsqueezer unsqueezer = new Unsqueezer();
    private final PackedInput in = new PackedInput();
    private final PageDirectory directory = new PageDirectory();
    private byte[] plainDirectory = new byte[0];

    private byte[] timeHigh = new byte[0];
    private byte[] timeLow = new byte[0];
    private int timeLowAt;
    private boolean timesLoaded;
    private byte[] valueHigh = new byte[0];
    private byte[] valueLow = new byte[0];
    private int valueLowAt;
    private boolean valuesLoaded;

    private final long[] times = new long[PageLayout.MAX_BLOCK_SAMPLES];
    private final long[] integers = new long[PageLayout.MAX_BLOCK_SAMPLES];
    private final double[] values = new double[PageLayout.MAX_BLOCK_SAMPLES];
    /** The column in {@link #times}, or -1. */
    private int decodedTimes;
    /** The block in {@link #values}, or -1. */
    private int decodedValues;

    /** Reads a page's directory. */
    public void open(@Borrowed byte[] from, int at, int length) throws MalformedException {
        timesLoaded = false;
        valuesLoaded = false;
        decodedTimes = -1;
        decodedValues = -1;
        in.reset(from, at, at + length);
        int plainLength = in.count(PageLayout.MAX_PAGE_BYTES);
        if (plainDirectory.length < plainLength) {
            plainDirectory = new byte[plainLength];
        }
        unsqueezer.unsqueeze(from, in.position(), in.remaining(), plainDirectory, plainLength);
        directory.read(in.reset(plainDirectory, 0, plainLength), plainDirectory);
    }

    /**
     * Takes what remains of the times. The array stays the caller's, must not change while the page is open, and must
     * go on for {@link #SLACK_BYTES}.
     */
    public void loadTimes(@Borrowed byte[] from, int at, int length) throws MalformedException {
        expect(length, directory.timeBytes());
        timeHigh = grown(timeHigh, directory.times().highBytes());
        unsqueezer.unsqueeze(from, at, directory.timeHighStored(), timeHigh, directory.times().highBytes());
        timeLow = from;
        timeLowAt = at + directory.timeHighStored();
        timesLoaded = true;
    }

    /** Takes what remains of the values, as {@link #loadTimes} does. */
    public void loadValues(@Borrowed byte[] from, int at, int length) throws MalformedException {
        expect(length, directory.valueBytes());
        valueHigh = grown(valueHigh, directory.values().highBytes());
        unsqueezer.unsqueeze(from, at, directory.valueHighStored(), valueHigh, directory.values().highBytes());
        valueLow = from;
        valueLowAt = at + directory.valueHighStored();
        valuesLoaded = true;
    }

    private static void expect(int found, int wanted) throws MalformedException {
        if (found != wanted) {
            throw new MalformedException("remainders of a page: found=" + found + " bytes, wanted=" + wanted);
        }
    }

    private static byte[] grown(byte[] of, int wanted) {
        return of.length < wanted ? new byte[wanted] : of;
    }

    public boolean areTimesLoaded() {
        return timesLoaded;
    }

    public boolean areValuesLoaded() {
        return valuesLoaded;
    }

    public int blocks() {
        return directory.blocks();
    }

    /** Whether a block has the same series as the one before it, which for the first is in the page before. */
    public boolean isSameSeries(int block) {
        return directory.isSameSeries(block);
    }

    public int count(int block) {
        return directory.count(block);
    }

    public long firstMillis(int block) {
        return directory.firstMillis(block);
    }

    public long lastMillis(int block) {
        return directory.lastMillis(block);
    }

    /** Whether {@link #min}, {@link #max} and {@link #sum} are known; never where a value is not finite. */
    public boolean isSummarized(int block) {
        return directory.isSummarized(block);
    }

    public double min(int block) {
        return directory.min(block);
    }

    public double max(int block) {
        return directory.max(block);
    }

    /** Of decimals the exact sum, rounded; otherwise a compensated one. */
    public double sum(int block) {
        return directory.sum(block);
    }

    /** Whether the times of a block cannot be had from the directory alone. */
    public boolean needsTimes(int block) {
        return directory.times().order(directory.timeColumn(block)) != ColumnShape.FLAT;
    }

    /** The times of a block, {@link #count} of them. */
    public long[] timestampsMillis(int block) throws MalformedException {
        int column = directory.timeColumn(block);
        if (column != decodedTimes) {
            checkLoaded(timesLoaded || !needsTimes(block));
            decodedTimes = -1;
            directory.times().decode(column, count(block), plainDirectory, timeHigh, timeLow, timeLowAt, times);
            decodedTimes = column;
        }
        return times;
    }

    /** The values of a block, {@link #count} of them, to the bit. */
    public double[] values(int block) throws MalformedException {
        if (block != decodedValues) {
            checkLoaded(valuesLoaded);
            decodedValues = -1;
            int count = count(block);
            directory.values().decode(block, count, plainDirectory, valueHigh, valueLow, valueLowAt, integers);
            Decimals.toValues(integers, count, directory.exponent(block), values);
            directory.putExceptions(block, in, values);
            decodedValues = block;
        }
        return values;
    }

    private static void checkLoaded(boolean loaded) {
        if (!loaded) {
            throw new IllegalStateException("asked for samples before what remains of them was loaded");
        }
    }

    @Override
    public void close() {
        unsqueezer.close();
    }
}

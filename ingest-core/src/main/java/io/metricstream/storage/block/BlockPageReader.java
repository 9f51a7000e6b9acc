package io.metricstream.storage.block;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Reads the blocks of a page: which there are from its directory, their samples from the remainders behind it.
 *
 * <p>Order: {@link #open} first. What {@link #timestampsMillis} and {@link #values} return is valid until the same is asked
 * of another block. Owns: arrays for one page and one block.
 * Fails: {@link BlockFormatException} on bytes that no writer makes, before anything large is allocated.
 */
@OwnedBy(Role.QUERY)
public final class BlockPageReader {
    /** Bytes behind a page that may be read, whatever they are. */
    public static final int SLACK_BYTES = 8;

    private Unsqueezer unsqueezer;
    private final PackedInput in = new PackedInput();
    private final PageDirectory directory = new PageDirectory();
    private byte[] plainDirectory = new byte[0];

    private byte[] page = new byte[0];
    private int timesAt;
    private int valuesAt;
    private byte[] timeHigh = new byte[0];
    private byte[] valueHigh = new byte[0];
    private boolean timesLoaded;
    private boolean valuesLoaded;

    private long[] times = new long[0];
    private long[] integers = new long[0];
    private double[] values = new double[0];
    /** The time column in {@link #times}, or -1. */
    private int decodedTimes;
    /** The block in {@link #values}, or -1. */
    private int decodedValues;

    /** Reads with an unsqueezer that stays the caller's. */
    public BlockPageReader(@Borrowed Unsqueezer unsqueezer) {
        this.unsqueezer = unsqueezer;
    }

    /** Goes on with another unsqueezer, which stays the caller's. */
    public void use(@Borrowed Unsqueezer other) {
        unsqueezer = other;
    }

    /**
     * Begins with a page. The array stays the caller's, must not change while its blocks are read, and must go on for
     * {@link #SLACK_BYTES} behind the page.
     */
    public void open(@Borrowed byte[] from, int at, int length) throws BlockFormatException {
        page = from;
        timesLoaded = false;
        valuesLoaded = false;
        decodedTimes = -1;
        decodedValues = -1;
        in.reset(from, at, at + length);
        int plainLength = in.count(BlockPageLayout.MAX_PAGE_BYTES);
        int stored = in.count(in.remaining());
        int directoryAt = in.take(stored);
        int remainders = in.remaining();
        timesAt = in.position();
        plainDirectory = grown(plainDirectory, plainLength);
        unsqueezer.unsqueeze(from, directoryAt, stored, plainDirectory, plainLength);
        directory.read(in.reset(plainDirectory, 0, plainLength), plainDirectory);
        valuesAt = timesAt + directory.timeBytes();
        int wanted = directory.timeBytes() + directory.valueBytes();
        if (remainders != wanted) {
            throw new BlockFormatException("remainders of a page: found=" + remainders + " bytes, wanted=" + wanted);
        }
    }

    public int blocks() {
        return directory.blocks();
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

    /** Whether the sum is that of whole numbers, exact in whatever order they are added; asked of summarized blocks. */
    public boolean isSumExact(int block) {
        return directory.isSumExact(block);
    }

    /** The times of a block, {@link #count} of them. */
    public long[] timestampsMillis(int block) throws BlockFormatException {
        int column = directory.timeColumn(block);
        if (column != decodedTimes) {
            decodedTimes = -1;
            int count = count(block);
            if (times.length < count) {
                times = new long[capacity(count)];
            }
            ShapeTable shapes = directory.times();
            if (!timesLoaded) {
                timeHigh = grown(timeHigh, shapes.highBytes());
                unsqueezer.unsqueeze(page, timesAt, directory.timeHighStored(), timeHigh, shapes.highBytes());
                timesLoaded = true;
            }
            shapes.decode(column, count, plainDirectory, timeHigh, page, timesAt + directory.timeHighStored(), times);
            decodedTimes = column;
        }
        return times;
    }

    /** The values of a block, {@link #count} of them, to the bit. */
    public double[] values(int block) throws BlockFormatException {
        if (block != decodedValues) {
            decodedValues = -1;
            int count = count(block);
            if (values.length < count) {
                values = new double[capacity(count)];
                integers = new long[values.length];
            }
            ShapeTable shapes = directory.values();
            if (!valuesLoaded) {
                valueHigh = grown(valueHigh, shapes.highBytes());
                unsqueezer.unsqueeze(page, valuesAt, directory.valueHighStored(), valueHigh, shapes.highBytes());
                valuesLoaded = true;
            }
            shapes.decode(
                    block, count, plainDirectory, valueHigh, page, valuesAt + directory.valueHighStored(), integers);
            Decimals.toValues(integers, count, directory.exponent(block), values);
            directory.putExceptions(block, in, values);
            decodedValues = block;
        }
        return values;
    }

    private static byte[] grown(byte[] of, int wanted) {
        return of.length < wanted ? new byte[wanted] : of;
    }

    private static int capacity(int count) {
        return Math.min(BlockPageLayout.MAX_BLOCK_SAMPLES, 2 * count);
    }
}

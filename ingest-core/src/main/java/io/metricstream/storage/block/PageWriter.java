package io.metricstream.storage.block;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Collects blocks, each some samples of one series, into pages. A page holds neighbours in the order of series, so that
 * what is alike about them is squeezed together.
 *
 * <p>Order: {@link #add} until {@link #isFull}, {@link #finish}, and again. Limits: a block has at most
 * {@link #MAX_BLOCK_SAMPLES}. Owns: a context of the compressor, until {@link #close}.
 */
@OwnedBy(Role.FLUSHER)
public final class PageWriter implements AutoCloseable {
    /** Samples in a block, at most. */
    public static final int MAX_BLOCK_SAMPLES = PageLayout.MAX_BLOCK_SAMPLES;

    private final Squeezer squeezer = new Squeezer();
    private final ValueEncoder encoder = new ValueEncoder();
    private final Summary summary = new Summary();
    private final TimeTable times = new TimeTable();

    private final PackedOutput modes = new PackedOutput();
    private final PackedOutput shifts = new PackedOutput();
    private final PackedOutput exponents = new PackedOutput();
    private final PackedOutput timeSteps = new PackedOutput();
    private final PackedOutput numbers = new PackedOutput();
    private final PackedOutput high = new PackedOutput();
    private final PackedOutput low = new PackedOutput();

    private final PackedOutput plain = new PackedOutput();
    private final PackedOutput directory = new PackedOutput();
    private final PackedOutput timeData = new PackedOutput();
    private final PackedOutput valueData = new PackedOutput();

    private int blocks;
    private int timeColumn;
    private long firstBefore;
    private int exponentBefore;

    /** Adds the first samples of these arrays as one block: of the block before's series, or of the next one. */
    public void add(
            @Borrowed long[] timestampsMillis, @Borrowed double[] values, int count, boolean sameSeriesAsBefore) {
        int column = times.columnOf(timestampsMillis, count);
        timeSteps.signed(column - timeColumn);
        timeColumn = column;
        encoder.encode(values, count);
        ColumnEncoder shape = encoder.column();
        boolean summarized = summary.of(values, count, encoder);
        modes.octet(shape.mode()
                | (encoder.exceptions() > 0 ? PageLayout.MODE_EXCEPTIONS : 0)
                | (summarized ? PageLayout.MODE_SUMMARY : 0)
                | (sameSeriesAsBefore ? PageLayout.MODE_SAME_SERIES : 0));
        shifts.octet(shape.shift());
        exponents.octet(encoder.exponent());
        numbers.signed(encoder.exponent() == exponentBefore ? shape.first() - firstBefore : shape.first());
        firstBefore = shape.first();
        exponentBefore = encoder.exponent();
        shape.putNumbers(numbers);
        if (encoder.exceptions() > 0) {
            numbers.varint(encoder.exceptions());
            encoder.putExceptions(values, numbers);
        }
        if (summarized) {
            summary.put(encoder, numbers);
        }
        shape.putHigh(high);
        shape.putLow(low);
        blocks++;
    }

    public int blocks() {
        return blocks;
    }

    public boolean isFull() {
        return blocks == PageLayout.MAX_BLOCKS
                || times.bytes() + 4 * blocks + numbers.length() + high.length() + low.length()
                        >= PageLayout.PAGE_BYTES;
    }

    /** Lays the page out in {@link #directory}, {@link #times} and {@link #values}, and begins the next one. */
    public void finish() {
        timeData.clear();
        int timeHigh = squeezer.squeeze(times.high(), timeData);
        timeData.append(times.low());
        valueData.clear();
        int valueHigh = squeezer.squeeze(high, valueData);
        valueData.append(low);

        plain.clear();
        plain.varint(blocks);
        plain.varint(times.columns());
        plain.varint(timeHigh);
        plain.varint(valueHigh);
        times.putShapes(plain);
        plain.append(modes);
        plain.append(shifts);
        plain.append(exponents);
        plain.append(timeSteps);
        plain.append(times.numbers());
        plain.append(numbers);
        directory.clear();
        directory.varint(plain.length());
        squeezer.squeeze(plain, directory);
        begin();
    }

    private void begin() {
        times.clear();
        modes.clear();
        shifts.clear();
        exponents.clear();
        timeSteps.clear();
        numbers.clear();
        high.clear();
        low.clear();
        blocks = 0;
        timeColumn = 0;
        firstBefore = 0;
        exponentBefore = 0;
    }

    /** What a reader needs to know which blocks there are; valid until the next {@link #finish}. */
    public PackedOutput directory() {
        return directory;
    }

    /** What remains of the times, nothing where all are straight lines; valid until the next {@link #finish}. */
    public PackedOutput times() {
        return timeData;
    }

    /** What remains of the values, nothing where all are straight lines; valid until the next {@link #finish}. */
    public PackedOutput values() {
        return valueData;
    }

    @Override
    public void close() {
        squeezer.close();
    }
}

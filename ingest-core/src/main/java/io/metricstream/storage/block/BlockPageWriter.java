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
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
public final class BlockPageWriter implements AutoCloseable {
    /** Samples in a block, at most. */
    public static final int MAX_BLOCK_SAMPLES = BlockPageLayout.MAX_BLOCK_SAMPLES;

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
    private final PackedOutput remainders = new PackedOutput();

    private int blocks;
    private int timeColumn;
    private long firstBefore;
    private int exponentBefore;

    /** Adds the first samples of these arrays, all of one series, as the next block. */
    public void add(@Borrowed long[] timestampsMillis, @Borrowed double[] values, int count) {
        int column = times.columnOf(timestampsMillis, count);
        timeSteps.signed(column - timeColumn);
        timeColumn = column;
        encoder.encode(values, count);
        ColumnEncoder shape = encoder.column();
        boolean summarized = summary.of(values, count, encoder);
        modes.octet(shape.mode()
                | (encoder.exceptions() > 0 ? BlockPageLayout.MODE_EXCEPTIONS : 0)
                | (summarized ? BlockPageLayout.MODE_SUMMARY : 0));
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
        return blocks == BlockPageLayout.MAX_BLOCKS
                || times.bytes() + 4 * blocks + numbers.length() + high.length() + low.length()
                        >= BlockPageLayout.PAGE_BYTES;
    }

    /** Appends the page to this output, and begins the next one. */
    public void finish(PackedOutput page) {
        remainders.clear();
        int timeHigh = squeezer.squeeze(times.high(), remainders);
        remainders.append(times.low());
        int valueHigh = squeezer.squeeze(high, remainders);
        remainders.append(low);

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
        int stored = squeezer.squeeze(plain, directory);
        page.varint(plain.length());
        page.varint(stored);
        page.append(directory);
        page.append(remainders);
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

    @Override
    public void close() {
        squeezer.close();
    }
}

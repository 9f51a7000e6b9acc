package io.metricstream.model;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * The samples of one request as columns of primitives, reused from request to request.
 *
 * <p>Sample {@code i} is {@code refs()[i]}, {@code timestampsMillis()[i]}, {@code values()[i]}. A ref at or above 0 is
 * one of {@link #series}; a ref below 0 is a series not known yet, {@code ~ref} being its index among this
 * batch's new series, whose keys (see {@link SeriesKey}) lie one behind the other in {@code newSeriesKeys()}.
 *
 * <p>Thread: the event loop fills it, the disk writer reads it and replaces refs below 0, the event loop takes it back;
 * the ring and the completion task publish those hand-overs. Owns: its arrays, which grow and are kept.
 */
@OwnedBy(Role.EVENT_LOOP)
public final class SampleBatch {
    private static final int INITIAL_SAMPLES = 64;
    private static final int BYTES_PER_SAMPLE = Integer.BYTES + Long.BYTES + Double.BYTES;

    private SeriesKeys series = SeriesKeys.NONE;
    private int count;
    private int[] refs = new int[INITIAL_SAMPLES];
    private long[] timestampsMillis = new long[INITIAL_SAMPLES];
    private double[] values = new double[INITIAL_SAMPLES];

    private int newSeriesCount;
    private byte[] newSeriesKeys = new byte[0];
    private int[] newSeriesEnds = new int[0];
    private long[] newSeriesHashes = new long[0];

    /** Empties the batch for samples of these series, and new ones. */
    public void begin(SeriesKeys known) {
        series = known;
        clear();
    }

    /** From here on refs at or above 0 speak of these; the caller has translated them. */
    public void translatedTo(SeriesKeys other) {
        series = other;
    }

    /** The series that refs at or above 0 speak of. */
    public SeriesKeys series() {
        return series;
    }

    /** Empties the batch; the arrays stay. */
    public void clear() {
        count = 0;
        newSeriesCount = 0;
    }

    public void add(int ref, long timestampMillis, double value) {
        int i = count;
        if (i == refs.length) {
            growSamples(i + 1);
        }
        refs[i] = ref;
        timestampsMillis[i] = timestampMillis;
        values[i] = value;
        count = i + 1;
    }

    /**
     * Adds a series that the series table does not hold, and returns the ref below 0 that stands for it in this batch.
     *
     * @param hash the key's {@link SeriesKey#hash}
     */
    public int addNewSeries(@Borrowed byte[] key, int offset, int length, long hash) {
        int index = newSeriesCount;
        int start = index == 0 ? 0 : newSeriesEnds[index - 1];
        if (index == newSeriesEnds.length) {
            int capacity = Math.max(16, index * 2);
            newSeriesEnds = Arrays.copyOf(newSeriesEnds, capacity);
            newSeriesHashes = Arrays.copyOf(newSeriesHashes, capacity);
        }
        if (newSeriesKeys.length - start < length) {
            newSeriesKeys = Arrays.copyOf(newSeriesKeys, Math.max(start + length, newSeriesKeys.length * 2));
        }
        System.arraycopy(key, offset, newSeriesKeys, start, length);
        newSeriesEnds[index] = start + length;
        newSeriesHashes[index] = hash;
        newSeriesCount = index + 1;
        return ~index;
    }

    /** Makes room for so many samples at once. */
    public void ensureCapacity(int samples) {
        if (samples > refs.length) {
            growSamples(samples);
        }
    }

    public int count() {
        return count;
    }

    public int[] refs() {
        return refs;
    }

    public long[] timestampsMillis() {
        return timestampsMillis;
    }

    public double[] values() {
        return values;
    }

    public int newSeriesCount() {
        return newSeriesCount;
    }

    public byte[] newSeriesKeys() {
        return newSeriesKeys;
    }

    public int newSeriesOffset(int index) {
        return index == 0 ? 0 : newSeriesEnds[index - 1];
    }

    public int newSeriesLength(int index) {
        return newSeriesEnds[index] - newSeriesOffset(index);
    }

    public long newSeriesHash(int index) {
        return newSeriesHashes[index];
    }

    /** What this batch weighs while it waits in the ring: its samples and new keys, in bytes. */
    public long weightBytes() {
        return (long) count * BYTES_PER_SAMPLE + (newSeriesCount == 0 ? 0 : newSeriesEnds[newSeriesCount - 1]);
    }

    /** What its arrays hold on the heap, used or not, in bytes. */
    public long retainedBytes() {
        return (long) refs.length * BYTES_PER_SAMPLE
                + newSeriesKeys.length
                + (long) newSeriesEnds.length * (Integer.BYTES + Long.BYTES);
    }

    private void growSamples(int atLeast) {
        int capacity = Math.max(atLeast, refs.length * 2);
        refs = Arrays.copyOf(refs, capacity);
        timestampsMillis = Arrays.copyOf(timestampsMillis, capacity);
        values = Arrays.copyOf(values, capacity);
    }
}

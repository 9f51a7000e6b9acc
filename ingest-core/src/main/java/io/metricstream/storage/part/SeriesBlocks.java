package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.util.Arrays;

/**
 * The blocks of one series, as columns: where each lies, its times, and its summary where it has one. A block lies behind
 * the one before it, in the same page or at the beginning of a later one.
 *
 * <p>Thread: the writer's, or that of a cursor. Owns: its arrays, which grow.
 */
@OwnedBy(Role.QUERY)
final class SeriesBlocks {
    /** A block of fewer samples is decoded faster than its summary is worth in space. */
    static final int SUMMARIZED_SAMPLES = 32;

    private static final int FLAG_SUMMARY = 1;

    private int count;
    int[] page = new int[4];
    int[] offset = new int[4];
    int[] length = new int[4];
    int[] samples = new int[4];
    long[] firstMillis = new long[4];
    long[] lastMillis = new long[4];
    boolean[] summarized = new boolean[4];
    double[] min = new double[4];
    double[] max = new double[4];
    double[] sum = new double[4];

    void clear() {
        count = 0;
    }

    int count() {
        return count;
    }

    /** Adds a block; its times and summary are set by the caller. Returns its number. */
    int add(int ofPage, int atOffset, int bytes, int ofSamples) {
        if (count == page.length) {
            grow();
        }
        page[count] = ofPage;
        offset[count] = atOffset;
        length[count] = bytes;
        samples[count] = ofSamples;
        summarized[count] = false;
        return count++;
    }

    /** Summarizes a block of these values, unless it is short or has a value that is no number. */
    void summarize(int block, double[] values, int from, int ofSamples) {
        if (ofSamples < SUMMARIZED_SAMPLES) {
            return;
        }
        double least = values[from];
        double most = values[from];
        double total = 0;
        for (int i = from; i < from + ofSamples; i++) {
            double value = values[i];
            if (Double.isNaN(value)) {
                return;
            }
            least = Math.min(least, value);
            most = Math.max(most, value);
            total += value;
        }
        if (!Double.isNaN(total)) {
            summarized[block] = true;
            min[block] = least;
            max[block] = most;
            sum[block] = total;
        }
    }

    /** Writes the blocks behind a series' key; the place is the page and offset behind the block written before. */
    void encode(PageBuilder out, Place place, long minMillis) {
        out.putVarint(count);
        long time = minMillis;
        for (int i = 0; i < count; i++) {
            out.putVarint((long) page[i] - place.page);
            out.putVarint(length[i]);
            out.putVarint((long) samples[i] << 1 | (summarized[i] ? FLAG_SUMMARY : 0));
            out.putZigzag(firstMillis[i] - time);
            out.putVarint(lastMillis[i] - firstMillis[i]);
            if (summarized[i]) {
                out.putLong(Double.doubleToRawLongBits(min[i]));
                out.putLong(Double.doubleToRawLongBits(max[i]));
                out.putLong(Double.doubleToRawLongBits(sum[i]));
            }
            time = lastMillis[i];
            place.moveTo(page[i], offset[i] + length[i]);
        }
    }

    void decode(PageReader in, Place place, long minMillis, int pages) throws StorageFailure {
        clear();
        int blocks = in.readInt(Integer.MAX_VALUE);
        long time = minMillis;
        for (int i = 0; i < blocks; i++) {
            int ofPage = place.page + in.readInt((long) pages - 1 - place.page);
            int from = ofPage == place.page ? place.offset : 0;
            int bytes = in.readInt(PartLayout.MAX_PAGE_BYTES);
            long samplesAndFlag = in.readVarint();
            long ofSamples = samplesAndFlag >>> 1;
            if (ofSamples < 1 || ofSamples > PartLayout.MAX_BLOCK_SAMPLES) {
                throw in.corrupt(
                        "a block of " + ofSamples + " samples, wanted at most " + PartLayout.MAX_BLOCK_SAMPLES);
            }
            int block = add(ofPage, from, bytes, (int) ofSamples);
            firstMillis[block] = time + in.readZigzag();
            lastMillis[block] = firstMillis[block] + in.readVarint();
            if ((samplesAndFlag & FLAG_SUMMARY) != 0) {
                summarized[block] = true;
                min[block] = Double.longBitsToDouble(in.readLong());
                max[block] = Double.longBitsToDouble(in.readLong());
                sum[block] = Double.longBitsToDouble(in.readLong());
            }
            time = lastMillis[block];
            place.moveTo(ofPage, from + bytes);
        }
    }

    /** A place among the sample pages. */
    static final class Place {
        private int page;
        private int offset;

        void moveTo(int toPage, int toOffset) {
            page = toPage;
            offset = toOffset;
        }
    }

    private void grow() {
        int capacity = count * 2;
        page = Arrays.copyOf(page, capacity);
        offset = Arrays.copyOf(offset, capacity);
        length = Arrays.copyOf(length, capacity);
        samples = Arrays.copyOf(samples, capacity);
        firstMillis = Arrays.copyOf(firstMillis, capacity);
        lastMillis = Arrays.copyOf(lastMillis, capacity);
        summarized = Arrays.copyOf(summarized, capacity);
        min = Arrays.copyOf(min, capacity);
        max = Arrays.copyOf(max, capacity);
        sum = Arrays.copyOf(sum, capacity);
    }
}

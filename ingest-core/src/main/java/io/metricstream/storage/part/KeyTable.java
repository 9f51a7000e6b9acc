package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.block.MalformedException;
import io.metricstream.storage.block.PackedInput;
import io.metricstream.storage.block.PackedOutput;
import java.util.Arrays;

/**
 * Where the keys of a part's series are: in frames of {@link PartLayout#KEYS_PER_FRAME}, in the order of the series.
 *
 * <p>Thread: the writer's while it grows; immutable once a part is open.
 */
@OwnedBy(Role.FLUSHER)
final class KeyTable {
    private int frames;
    private long[] offset = new long[16];
    private int[] length = new int[16];

    void add(FrameRef frame) {
        if (frames == offset.length) {
            offset = Arrays.copyOf(offset, 2 * frames);
            length = Arrays.copyOf(length, 2 * frames);
        }
        offset[frames] = frame.offset();
        length[frames] = frame.length();
        frames++;
    }

    void put(PackedOutput out) {
        long end = PartLayout.HEADER_BYTES;
        for (int i = 0; i < frames; i++) {
            out.varint(offset[i] - end);
            out.varint(length[i]);
            end = offset[i] + length[i];
        }
    }

    /** Reads what {@link #put} wrote, for a part of so many series with frames up to this offset. */
    static KeyTable read(PackedInput in, int series, long framesEnd) throws MalformedException {
        var table = new KeyTable();
        long end = PartLayout.HEADER_BYTES;
        for (int left = series; left > 0; left -= PartLayout.KEYS_PER_FRAME) {
            var frame = new FrameRef(end + in.varint(), in.count(PartLayout.MAX_FRAME_BYTES));
            if (frame.offset() < end || frame.end() > framesEnd) {
                throw new MalformedException("keys outside the file: offset=" + frame.offset());
            }
            table.add(frame);
            end = frame.end();
        }
        return table;
    }

    int frames() {
        return frames;
    }

    FrameRef frame(int index) {
        return new FrameRef(offset[index], length[index]);
    }
}

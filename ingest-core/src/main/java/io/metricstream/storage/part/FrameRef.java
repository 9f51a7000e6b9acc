package io.metricstream.storage.part;

import io.metricstream.storage.block.MalformedException;
import io.metricstream.storage.block.PackedInput;
import io.metricstream.storage.block.PackedOutput;

/**
 * Where a frame is.
 *
 * @param offset of its header in the file
 * @param length of header and payload in bytes
 */
record FrameRef(long offset, int length) {
    long end() {
        return offset + length;
    }

    void put(PackedOutput out) {
        out.varint(offset);
        out.varint(length);
    }

    static FrameRef read(PackedInput in) throws MalformedException {
        return new FrameRef(in.varint(), in.count(PartLayout.MAX_FRAME_BYTES));
    }
}

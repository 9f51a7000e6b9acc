package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.block.PackedInput;
import io.metricstream.storage.block.PageReader;

/** The frame that was read last, reused for the next. */
@OwnedBy(Role.QUERY)
final class FrameBuffer {
    private byte[] bytes = new byte[0];
    private int length;
    private final PackedInput input = new PackedInput();

    /** Makes room for a frame of this length, and the slack that {@link PageReader} asks for. */
    byte[] begin(int frameLength) {
        if (bytes.length < frameLength + PageReader.SLACK_BYTES) {
            bytes = new byte[frameLength + PageReader.SLACK_BYTES];
        }
        length = frameLength;
        return bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    int payloadAt() {
        return PartLayout.FRAME_HEADER_BYTES;
    }

    int payloadLength() {
        return length - PartLayout.FRAME_HEADER_BYTES;
    }

    /** The payload from its start. */
    PackedInput input() {
        return input.reset(bytes, PartLayout.FRAME_HEADER_BYTES, length);
    }
}

package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.MalformedException;
import io.metricstream.storage.block.PackedInput;
import io.metricstream.storage.block.Unsqueezer;
import io.metricstream.storage.part.PartLayout.Kind;
import java.util.Arrays;

/** Reads keys of series by their number in the part, cheapest in ascending order. */
@OwnedBy(Role.QUERY)
final class KeyFrame {
    /** No key is longer than what clients may send by far. */
    static final int MAX_PLAIN_BYTES = 1 << 26;

    private final PartFile file;
    private final KeyTable table;
    private final Unsqueezer unsqueezer;
    private final FrameBuffer frame = new FrameBuffer();

    private byte[] plain = new byte[0];
    private int plainLength;
    private final PackedInput shared = new PackedInput();
    private final PackedInput suffixes = new PackedInput();
    /** The frame in {@link #plain}, or -1. */
    private int loaded = -1;
    /** The series in {@link #key}. */
    private int at = -1;

    private byte[] key = new byte[256];
    private int keyLength;

    KeyFrame(PartFile file, KeyTable table, Unsqueezer unsqueezer) {
        this.file = file;
        this.table = table;
        this.unsqueezer = unsqueezer;
    }

    /** Makes a series' key the current one. */
    void seek(int wanted) throws StorageFailure {
        int index = wanted / PartLayout.KEYS_PER_FRAME;
        try {
            if (index != loaded || wanted < at) {
                load(index);
            }
            while (at < wanted) {
                step();
            }
        } catch (MalformedException e) {
            loaded = -1;
            throw file.malformed(table.frame(index).offset(), Kind.KEYS, e);
        }
    }

    byte[] key() {
        return key;
    }

    int keyLength() {
        return keyLength;
    }

    private void load(int index) throws StorageFailure, MalformedException {
        if (index != loaded) {
            loaded = -1;
            file.read(table.frame(index), Kind.KEYS, frame);
            PackedInput in = frame.input();
            int length = in.count(MAX_PLAIN_BYTES);
            if (plain.length < length) {
                plain = new byte[length];
            }
            unsqueezer.unsqueeze(frame.bytes(), in.position(), in.remaining(), plain, length);
            plainLength = length;
            loaded = index;
        }
        // The lengths come first, then the suffixes.
        PackedInput in = suffixes.reset(plain, 0, plainLength);
        int lengths = in.count(in.remaining());
        int from = in.take(lengths);
        shared.reset(plain, from, from + lengths);
        at = index * PartLayout.KEYS_PER_FRAME - 1;
        keyLength = 0;
    }

    private void step() throws MalformedException {
        int common = shared.count(keyLength);
        int length = common + shared.count(suffixes.remaining());
        if (key.length < length) {
            key = Arrays.copyOf(key, Math.max(length, 2 * key.length));
        }
        System.arraycopy(plain, suffixes.take(length - common), key, common, length - common);
        keyLength = length;
        at++;
    }

    /** Fails where the current frame holds anything behind its last key. */
    void expectEnd() throws MalformedException {
        shared.expectEnd();
        suffixes.expectEnd();
    }
}

package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.PackedOutput;
import io.metricstream.storage.block.Squeezer;
import io.metricstream.storage.part.PartLayout.Kind;
import java.util.Arrays;

/**
 * Writes the keys of the series, each as what it does not share with the one before. The first key of a frame shares
 * nothing, so that a frame can be read alone.
 */
@OwnedBy(Role.FLUSHER)
final class KeyWriter {
    private final FrameWriter out;
    private final Squeezer squeezer;
    private final KeyTable table = new KeyTable();
    private final PackedOutput lengths = new PackedOutput();
    private final PackedOutput suffixes = new PackedOutput();
    private final PackedOutput plain = new PackedOutput();
    private final PackedOutput payload = new PackedOutput();
    private byte[] before = new byte[256];
    private int beforeLength;
    private int keys;

    KeyWriter(FrameWriter out, Squeezer squeezer) {
        this.out = out;
        this.squeezer = squeezer;
    }

    void add(byte[] key, int length) throws StorageFailure {
        int shared = Arrays.mismatch(before, 0, beforeLength, key, 0, length);
        if (shared < 0) {
            shared = length;
        }
        lengths.varint(shared);
        lengths.varint(length - shared);
        suffixes.bytes(key, shared, length - shared);
        if (before.length < length) {
            before = new byte[Math.max(length, 2 * before.length)];
        }
        System.arraycopy(key, 0, before, 0, length);
        beforeLength = length;
        if (++keys == PartLayout.KEYS_PER_FRAME) {
            finishFrame();
        }
    }

    private void finishFrame() throws StorageFailure {
        plain.clear();
        plain.varint(lengths.length());
        plain.append(lengths);
        plain.append(suffixes);
        payload.clear();
        payload.varint(plain.length());
        squeezer.squeeze(plain, payload);
        table.add(out.put(Kind.KEYS, payload));
        lengths.clear();
        suffixes.clear();
        beforeLength = 0;
        keys = 0;
    }

    /** Writes what is left; returns where all keys are. */
    KeyTable finish() throws StorageFailure {
        if (keys > 0) {
            finishFrame();
        }
        return table;
    }
}

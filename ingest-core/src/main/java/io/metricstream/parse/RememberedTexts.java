package io.metricstream.parse;

import static io.metricstream.parse.RememberedLayout.INTS;
import static io.metricstream.parse.RememberedLayout.INTS_SHIFT;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * The texts of metrics seen before, without their numbers: each is two or three pieces and the ref of the series that
 * Jackson found in them. The same text around other numbers is the same series.
 *
 * <p>Thread: one event loop. Owns: all that it remembers, at most {@code memoryBytes}.
 *
 * <p>Limits: when the memory is full nothing more is learned; when after many misses less than half of it proves to be
 * in use, all is forgotten and learning begins anew. A series is learned in at most {@value #MAX_TEXTS_PER_SERIES}
 * texts, so that a field that changes with every sample cannot fill the memory.
 */
@OwnedBy(Role.EVENT_LOOP)
final class RememberedTexts {
    /** No such text. */
    static final int NONE = -1;

    static final int MAX_TEXTS_PER_SERIES = 4;
    /** So many misses for each text that is held make an epoch, after which it is judged what is in use. */
    private static final long MISSES_PER_TEXT = 8;

    private static final int INITIAL_TEXTS = 1 << 7;

    private final long memoryBytes;
    private final TextPieces pieces = new TextPieces();

    private int[] records = new int[INITIAL_TEXTS * INTS];
    private int count;
    /** Text + 1 by the hash of its pieces' places, 0 where the slot is free. */
    private int[] slots = new int[INITIAL_TEXTS * 2];
    /** In how many texts each ref was learned. */
    private byte[] textsOfRef = new byte[INITIAL_TEXTS];

    private boolean full;
    private int epoch;
    private int usedInEpoch;
    private long missesInEpoch;

    RememberedTexts(long memoryBytes) {
        this.memoryBytes = memoryBytes;
        full = memoryBytes <= retainedBytes();
    }

    int[] records() {
        return records;
    }

    byte[] pieces() {
        return pieces.text();
    }

    /** How many texts are remembered; they are numbered from 0. */
    int count() {
        return count;
    }

    long retainedBytes() {
        return pieces.retainedBytes() + (records.length + slots.length) * (long) Integer.BYTES + textsOfRef.length;
    }

    /** Whether a text of this series would be taken in. */
    boolean learns(int ref) {
        return !full && (ref >= textsOfRef.length || textsOfRef[ref] < MAX_TEXTS_PER_SERIES);
    }

    /** The text that followed this one last time, or {@link #NONE}. */
    int after(int text) {
        return records[(text << INTS_SHIFT) + RememberedLayout.NEXT];
    }

    void follows(int text, int before) {
        records[(before << INTS_SHIFT) + RememberedLayout.NEXT] = text;
    }

    boolean spansLines(int text) {
        int flags = records[(text << INTS_SHIFT) + RememberedLayout.LENGTH_AND_FLAGS];
        return (flags & RememberedLayout.SEVERAL_LINES) != 0;
    }

    /** Counts the text among those in use. */
    void use(int text) {
        int at = (text << INTS_SHIFT) + RememberedLayout.EPOCH;
        if (records[at] != epoch) {
            records[at] = epoch;
            usedInEpoch++;
        }
    }

    /** The text of the object that was scanned, or {@link #NONE}. */
    int find(@Borrowed byte[] bytes, int from, ObjectScanner object) {
        int first = pieces.find(bytes, from, object.firstStart());
        if (first == TextPieces.NONE) {
            return NONE;
        }
        int middle = 0;
        int lastFrom = object.firstEnd();
        if (object.hasTimestamp()) {
            middle = pieces.find(bytes, object.firstEnd(), object.secondStart());
            lastFrom = object.secondEnd();
        }
        int last = pieces.find(bytes, lastFrom, object.end());
        if (middle == TextPieces.NONE || last == TextPieces.NONE) {
            return NONE;
        }
        return slots[slot(first, middle, last)] - 1;
    }

    /** Counts an object whose text is not remembered. */
    void missed() {
        missesInEpoch++;
    }

    /** To be called between bodies, when nobody holds the number of a text: may forget everything. */
    void settle() {
        if (full && missesInEpoch > count * MISSES_PER_TEXT) {
            if (usedInEpoch < count / 2) {
                forget();
            }
            epoch++;
            usedInEpoch = 0;
            missesInEpoch = 0;
        }
    }

    /** Takes in the text of the object that was scanned; returns its number, or {@link #NONE} where it is not taken. */
    int learn(@Borrowed byte[] bytes, int from, ObjectScanner object, int ref) {
        int firstLength = object.firstStart() - from;
        int middleLength = object.hasTimestamp() ? object.secondStart() - object.firstEnd() : 0;
        int lastFrom = object.hasTimestamp() ? object.secondEnd() : object.firstEnd();
        int lastLength = object.end() - lastFrom;
        if (!learns(ref) || Math.max(firstLength, Math.max(middleLength, lastLength)) > TextPieces.MAX_PIECE_BYTES) {
            return NONE;
        }
        if (!makeRoom(ref, firstLength + middleLength + lastLength)) {
            full = true;
            return NONE;
        }
        int first = pieces.intern(bytes, from, object.firstStart());
        int middle = middleLength == 0 ? 0 : pieces.intern(bytes, object.firstEnd(), object.secondStart());
        int last = pieces.intern(bytes, lastFrom, object.end());
        int slot = slot(first, middle, last);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        int flags = (object.hasTimestamp() ? 0 : RememberedLayout.VALUE_ONLY)
                | (object.isTimestampFirst() ? RememberedLayout.TIMESTAMP_FIRST : 0)
                | (Lines.end(bytes, from, object.end()) < object.end() ? RememberedLayout.SEVERAL_LINES : 0);
        int at = count << INTS_SHIFT;
        records[at + RememberedLayout.FIRST] = first;
        records[at + RememberedLayout.MIDDLE] = middle;
        records[at + RememberedLayout.LAST] = last;
        records[at + RememberedLayout.LENGTHS] = firstLength | middleLength << RememberedLayout.LENGTH_SHIFT;
        records[at + RememberedLayout.LENGTH_AND_FLAGS] = lastLength | flags;
        records[at + RememberedLayout.REF] = ref;
        records[at + RememberedLayout.NEXT] = NONE;
        records[at + RememberedLayout.EPOCH] = epoch - 1;
        slots[slot] = count + 1;
        textsOfRef[ref]++;
        return count++;
    }

    /** To be called between bodies, as {@link #settle}. */
    void forget() {
        pieces.clear();
        count = 0;
        Arrays.fill(slots, 0);
        Arrays.fill(textsOfRef, (byte) 0);
        full = false;
    }

    /** Grows what has to grow for one more text; false where the memory does not suffice. */
    private boolean makeRoom(int ref, int textBytes) {
        int newRecords = (count + 1) * INTS > records.length ? records.length * 2 : records.length;
        int newSlots = (count + 1) * 2 > slots.length ? slots.length * 2 : slots.length;
        int newRefs = ref < textsOfRef.length ? textsOfRef.length : Math.max(ref + 1, textsOfRef.length * 2);
        long most = pieces.retainedBytesWith(textBytes) + (long) (newRecords + newSlots) * Integer.BYTES + newRefs;
        if (most > memoryBytes || newRecords < 0 || newSlots < 0 || newRefs < 0) {
            return false;
        }
        if (newRecords > records.length) {
            records = Arrays.copyOf(records, newRecords);
        }
        if (newRefs > textsOfRef.length) {
            textsOfRef = Arrays.copyOf(textsOfRef, newRefs);
        }
        if (newSlots > slots.length) {
            growSlots(newSlots);
        }
        return true;
    }

    private void growSlots(int newSlots) {
        slots = new int[newSlots];
        for (int text = 0; text < count; text++) {
            int at = text << INTS_SHIFT;
            int slot = slot(
                    records[at + RememberedLayout.FIRST],
                    records[at + RememberedLayout.MIDDLE],
                    records[at + RememberedLayout.LAST]);
            slots[slot] = text + 1;
        }
    }

    /** The slot of the text with these pieces, or the free one where it belongs. */
    private int slot(int first, int middle, int last) {
        int mask = slots.length - 1;
        long mixed = (first * 0x9e3779b97f4a7c15L + last) * 0xe7037ed1a0b428dbL + middle;
        mixed *= 0xa0761d6478bd642fL;
        for (int i = (int) (mixed >>> 32) & mask; ; i = (i + 1) & mask) {
            int text = slots[i] - 1;
            if (text == NONE) {
                return i;
            }
            int at = text << INTS_SHIFT;
            if (records[at + RememberedLayout.FIRST] == first
                    && records[at + RememberedLayout.LAST] == last
                    && records[at + RememberedLayout.MIDDLE] == middle) {
                return i;
            }
        }
    }
}

package io.metricstream.storage.part;

import io.metricstream.model.SeriesKey;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * Collects which series have which labels, series by series, and gives it out label by label.
 *
 * <p>Limits: 4 bytes for each label of each series, twice while it is given out, and the bytes of each distinct term
 * with about 16 more; {@link #isFull} says when that reaches the budget.
 */
@OwnedBy(Role.FLUSHER)
final class TermTable {
    private static final byte[] NAME_PREFIX = Term.namePrefix();
    /** The label without a name: no length, then a value of one byte. */
    private static final int TYPE_TERM_BYTES = 3;

    private final long budgetBytes;

    private byte[] arena = new byte[1 << 12];
    private int arenaLength;
    private int terms;
    private int[] termAt = new int[1 << 8];
    private long[] termHash = new long[1 << 8];
    /** Terms by hash, from 1; 0 is an empty slot. */
    private int[] slots = new int[1 << 10];

    /** The terms of each series; the first of a series is complemented. */
    private int[] pairs = new int[1 << 12];

    private int pairCount;
    private int firstSeries;
    private int series;

    private byte[] scratch = new byte[256];

    TermTable(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    /** Adds the labels of the next series. */
    void add(byte[] key) {
        int first = pairCount;
        scratch[0] = 0;
        scratch[1] = 1;
        scratch[2] = key[0];
        addTerm(scratch, 0, TYPE_TERM_BYTES);
        pairs[first] = ~pairs[first];
        int nameLength = Term.varint(key, 1);
        int tags = 1 + Term.varintBytes(key, 1) + nameLength;
        if (nameLength > 0) {
            int length = NAME_PREFIX.length + tags - 1;
            if (scratch.length < length) {
                scratch = new byte[2 * length];
            }
            System.arraycopy(NAME_PREFIX, 0, scratch, 0, NAME_PREFIX.length);
            System.arraycopy(key, 1, scratch, NAME_PREFIX.length, tags - 1);
            addTerm(scratch, 0, length);
        }
        int at = tags + Term.varintBytes(key, tags);
        for (int left = Term.varint(key, tags); left > 0; left--) {
            int value = at + Term.varintBytes(key, at) + Term.varint(key, at);
            int end = value + Term.varintBytes(key, value) + Term.varint(key, value);
            addTerm(key, at, end - at);
            at = end;
        }
        series++;
    }

    private void addTerm(byte[] from, int at, int length) {
        if (pairCount == pairs.length) {
            pairs = Arrays.copyOf(pairs, 2 * pairCount);
        }
        pairs[pairCount++] = termOf(from, at, length);
    }

    private int termOf(byte[] from, int at, int length) {
        long hash = SeriesKey.hash(from, at, length);
        int slot = (int) hash & slots.length - 1;
        for (; slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
            int term = slots[slot] - 1;
            if (termHash[term] == hash
                    && Arrays.equals(arena, termAt[term], termAt[term + 1], from, at, at + length)) {
                return term;
            }
        }
        if (arena.length - arenaLength < length) {
            arena = Arrays.copyOf(arena, Math.max(arenaLength + length, 2 * arena.length));
        }
        System.arraycopy(from, at, arena, arenaLength, length);
        termHash[terms] = hash;
        arenaLength += length;
        terms++;
        if (terms == termHash.length) {
            termAt = Arrays.copyOf(termAt, 2 * terms);
            termHash = Arrays.copyOf(termHash, 2 * terms);
        }
        termAt[terms] = arenaLength;
        slots[slot] = terms;
        if (2 * terms > slots.length) {
            rehash();
        }
        return terms - 1;
    }

    private void rehash() {
        slots = new int[2 * slots.length];
        for (int term = 0; term < terms; term++) {
            int slot = (int) termHash[term] & slots.length - 1;
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = term + 1;
        }
    }

    /** Whether what it holds reaches the budget. */
    boolean isFull() {
        return 8L * pairCount + arenaLength + 24L * terms >= budgetBytes;
    }

    /** Forgets all terms; the next series goes on from the last. */
    void clear() {
        firstSeries += series;
        series = 0;
        arenaLength = 0;
        terms = 0;
        pairCount = 0;
        Arrays.fill(slots, 0);
    }

    /** What was collected, in the order of terms; valid until something is added. */
    TermSource sorted() {
        int[] order = new int[terms];
        for (int i = 0; i < terms; i++) {
            order[i] = i;
        }
        sort(order, new int[terms], 0, terms);
        int[] starts = new int[terms + 1];
        for (int i = 0; i < pairCount; i++) {
            int pair = pairs[i];
            starts[(pair ^ pair >> 31) + 1]++;
        }
        for (int term = 0; term < terms; term++) {
            starts[term + 1] += starts[term];
        }
        int[] ends = Arrays.copyOf(starts, terms);
        int[] members = new int[pairCount];
        int number = firstSeries - 1;
        for (int i = 0; i < pairCount; i++) {
            int pair = pairs[i];
            number -= pair >> 31;
            members[ends[pair ^ pair >> 31]++] = number;
        }
        return new Sorted(order, starts, members);
    }

    /** Merge sort; what is in order already, as most labels are within their neighbours, costs one comparison. */
    private void sort(int[] order, int[] spare, int from, int to) {
        if (to - from < 2) {
            return;
        }
        int middle = from + to >>> 1;
        sort(order, spare, from, middle);
        sort(order, spare, middle, to);
        if (compare(order[middle - 1], order[middle]) <= 0) {
            return;
        }
        System.arraycopy(order, from, spare, from, to - from);
        int left = from;
        int right = middle;
        for (int i = from; i < to; i++) {
            boolean takeLeft = right == to || left < middle && compare(spare[left], spare[right]) <= 0;
            order[i] = takeLeft ? spare[left++] : spare[right++];
        }
    }

    private int compare(int a, int b) {
        return Term.compare(arena, termAt[a], arena, termAt[b]);
    }

    private final class Sorted implements TermSource {
        private final int[] order;
        private final int[] starts;
        private final int[] members;
        private int at = -1;

        Sorted(int[] order, int[] starts, int[] members) {
            this.order = order;
            this.starts = starts;
            this.members = members;
        }

        @Override
        public boolean next() {
            return ++at < order.length;
        }

        @Override
        public byte[] term() {
            return arena;
        }

        @Override
        public int termAt() {
            return termAt[order[at]];
        }

        @Override
        public int count() {
            return starts[order[at] + 1] - starts[order[at]];
        }

        @Override
        public void copySeries(int[] to, int start) {
            System.arraycopy(members, starts[order[at]], to, start, count());
        }
    }
}

package io.metricstream.storage.head;

import io.metricstream.model.Labels;
import io.metricstream.model.SeriesKey;
import io.metricstream.model.SeriesKeyReader;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Cancellation;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * For each label its values, for each label with a value (a pair) the refs of the series that have it, in ascending order.
 *
 * <p>A pair is a number: the ref of its bytes in a table of pairs, which are the label's number in four bytes and the
 * value's UTF-8.
 */
@OwnedBy(Role.QUERY)
final class LabelPostings {
    private static final byte[] NAME = Labels.NAME.getBytes(StandardCharsets.UTF_8);

    private final SeriesTable series;
    private final SeriesTable pairs = new SeriesTable(SeriesLimits.NONE);
    private final Map<String, Integer> labels = new HashMap<>();
    /** The label whose name was looked up last for the label at each place of a key; most keys have the same labels. */
    private byte[][] lastNames = new byte[16][0];

    private int[] lastLabels = new int[16];

    private final SeriesKeyReader texts = new SeriesKeyReader();
    private final IntLists pairsOfLabel = new IntLists();
    private final IntLists refsOfPair = new IntLists();
    private int refs;
    private byte[] key = new byte[256];
    private byte[] pair = new byte[256];

    LabelPostings(SeriesTable series) {
        this.series = series;
    }

    /** Receives numbered texts. */
    interface Texts {
        void on(int number, String text);
    }

    /** How many refs have been taken in. */
    int refs() {
        return refs;
    }

    /** Takes in the series that were added since the last time; where that is cancelled, the next to ask goes on with it. */
    void catchUp(Cancellation cancellation) {
        try {
            for (int end = series.size(); refs < end; refs++) {
                cancellation.check();
                int length = series.keyLength(refs);
                if (key.length < length) {
                    key = new byte[Math.max(length, key.length * 2)];
                }
                series.copyKey(refs, key);
                takeIn(refs);
            }
        } finally {
            // The next to catch up may be another thread, under the index's lock like this one.
            pairs.releaseOwner();
        }
    }

    /**
     * All refs in the order of their labels; of equal labels, which differ in their type, the later ref comes later.
     *
     * <p>A radix sort whose digits are the labels, from the last name to the first: each step orders the refs by their value
     * of one label and keeps the order of equal ones. A series that has no label from here on comes first, as the shorter
     * list of labels does; one that has only later ones comes last, as its next name is greater.
     */
    int[] sortedRefs(Cancellation cancellation) {
        int[] digits = new int[refs];
        int[] sorted = IntStream.range(0, refs).toArray();
        int[] spare = new int[refs];
        var fromLast = new ArrayList<>(labels.entrySet());
        fromLast.sort(
                Map.Entry.<String, Integer>comparingByKey(Labels::compareText).reversed());
        for (Map.Entry<String, Integer> label : fromLast) {
            cancellation.check();
            int[] values = sortedPairs(label.getValue());
            int later = values.length + 1;
            for (int ref = 0; ref < refs; ref++) {
                digits[ref] = digits[ref] == 0 ? 0 : later;
            }
            for (int i = 0; i < values.length; i++) {
                int digit = i + 1;
                refsOfPair.forEach(values[i], ref -> digits[ref] = digit);
            }
            sortByDigit(sorted, spare, digits, later);
            int[] swap = sorted;
            sorted = spare;
            spare = swap;
        }
        return sorted;
    }

    /** The pairs of one label by their values. */
    private int[] sortedPairs(int label) {
        var of = new ArrayList<Integer>();
        pairsOfLabel.forEach(label, of::add);
        of.sort(pairs::compareBytes);
        return of.stream().mapToInt(Integer::intValue).toArray();
    }

    /** One step of a counting sort. */
    private static void sortByDigit(@Borrowed int[] from, @Borrowed int[] to, @Borrowed int[] digits, int maxDigit) {
        int[] next = new int[maxDigit + 2];
        for (int ref : from) {
            next[digits[ref] + 1]++;
        }
        for (int digit = 1; digit <= maxDigit; digit++) {
            next[digit] += next[digit - 1];
        }
        for (int ref : from) {
            to[next[digits[ref]]++] = ref;
        }
    }

    /** The series that have the label with a value that the matcher lets through, or with one that it does not. */
    BitSet having(Matcher matcher, boolean matching, Cancellation cancellation) {
        var having = new BitSet(refs);
        MatchOp op = matcher.op();
        if ((op == MatchOp.EQUAL && matching) || (op == MatchOp.NOT_EQUAL && !matching)) {
            addRefs(find(matcher.label(), matcher.value()), having);
        } else {
            forEachValue(matcher.label(), (number, value) -> {
                cancellation.check();
                if (matcher.matches(value) == matching) {
                    addRefs(number, having);
                }
            });
        }
        return having;
    }

    void forEachLabel(Texts action) {
        labels.forEach((name, label) -> action.on(label, name));
    }

    void forEachValue(String label, Texts action) {
        Integer number = labels.get(label);
        if (number != null) {
            pairsOfLabel.forEach(number, pair -> action.on(pair, valueOf(pair)));
        }
    }

    /** Whether one of these series has this label. */
    boolean anyValue(int label, BitSet among) {
        return pairsOfLabel.anyMatch(label, pair -> anyRef(pair, among::get));
    }

    /** Whether a ref with this pair passes. */
    boolean anyRef(int pair, IntPredicate test) {
        return refsOfPair.anyMatch(pair, test);
    }

    /** Hands over the series of a pair, in ascending order. */
    void forEachRef(int pair, IntConsumer action) {
        refsOfPair.forEach(pair, action);
    }

    long bytes() {
        return pairs.bytes() + pairsOfLabel.bytes() + refsOfPair.bytes();
    }

    private void addRefs(int number, BitSet to) {
        if (number >= 0) {
            refsOfPair.forEach(number, to::set);
        }
    }

    private int find(String label, String value) {
        Integer number = labels.get(label);
        if (number == null) {
            return SeriesTable.UNKNOWN;
        }
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        int length = writePair(number, text, 0, text.length);
        return pairs.find(pair, 0, length, SeriesKey.hash(pair, 0, length));
    }

    private void takeIn(int ref) {
        texts.open(key, 0);
        addPair(ref, labelOf(0, NAME, 0, NAME.length));
        for (int place = 1; texts.nextTag(); place++) {
            addPair(ref, labelOf(place, key, texts.keyAt(), texts.keyLength()));
        }
    }

    private void addPair(int ref, int label) {
        if (texts.valueLength() == 0) {
            return;
        }
        int length = writePair(label, key, texts.valueAt(), texts.valueLength());
        long hash = SeriesKey.hash(pair, 0, length);
        int number = pairs.find(pair, 0, length, hash);
        if (number < 0) {
            number = pairs.add(pair, 0, length, hash);
            int list = refsOfPair.addList();
            assert list == number;
            pairsOfLabel.add(label, number);
        }
        refsOfPair.add(number, ref);
    }

    private int writePair(int label, byte[] value, int valueAt, int valueLength) {
        int length = Integer.BYTES + valueLength;
        if (pair.length < length) {
            pair = new byte[Math.max(length, pair.length * 2)];
        }
        for (int i = 0; i < Integer.BYTES; i++) {
            pair[i] = (byte) (label >>> (Byte.SIZE * i));
        }
        System.arraycopy(value, valueAt, pair, Integer.BYTES, valueLength);
        return length;
    }

    private int labelOf(int place, byte[] name, int at, int length) {
        if (place >= lastNames.length) {
            int old = lastNames.length;
            lastNames = Arrays.copyOf(lastNames, old * 2);
            Arrays.fill(lastNames, old, lastNames.length, new byte[0]);
            lastLabels = Arrays.copyOf(lastLabels, old * 2);
        }
        byte[] last = lastNames[place];
        if (last.length == 0 || !Arrays.equals(last, 0, last.length, name, at, at + length)) {
            lastNames[place] = Arrays.copyOfRange(name, at, at + length);
            lastLabels[place] = labels.computeIfAbsent(
                    new String(name, at, length, StandardCharsets.UTF_8), any -> pairsOfLabel.addList());
        }
        return lastLabels[place];
    }

    private String valueOf(int pair) {
        byte[] bytes = pairs.key(pair);
        if (bytes == null) {
            throw new IllegalStateException("a pair without bytes: pair=" + pair);
        }
        return new String(bytes, Integer.BYTES, bytes.length - Integer.BYTES, StandardCharsets.UTF_8);
    }
}

package io.metricstream.parse;

/**
 * One remembered text as eight ints, half a cache line.
 *
 * <pre>
 *   +--------+--------+--------+-------------------+------------------+-----+--------+--------+
 *   | first  | middle | last   | lengths of first  | length of last,  | ref | the    | epoch  |
 *   | piece  | piece  | piece  | and middle        | flags            |     | next   | of use |
 *   +--------+--------+--------+-------------------+------------------+-----+--------+--------+
 * </pre>
 *
 * A piece is named by its place in {@link TextPieces}. Of two lengths in one int the first has the lower half.
 */
final class RememberedLayout {
    static final int INTS_SHIFT = 3;
    static final int INTS = 1 << INTS_SHIFT;

    static final int FIRST = 0;
    static final int MIDDLE = 1;
    static final int LAST = 2;
    static final int LENGTHS = 3;
    static final int LENGTH_AND_FLAGS = 4;
    static final int REF = 5;
    /** The text that followed this one last time. */
    static final int NEXT = 6;

    static final int EPOCH = 7;

    static final int LENGTH_MASK = 0xffff;
    static final int LENGTH_SHIFT = 16;

    /** Between the first and the middle piece stands the timestamp, behind it the value. */
    static final int TIMESTAMP_FIRST = 1 << 16;
    /** There is no timestamp and no middle piece. */
    static final int VALUE_ONLY = 1 << 17;
    /** Has a line feed, and is therefore no line of NDJSON. */
    static final int SEVERAL_LINES = 1 << 18;

    private RememberedLayout() {}
}

package io.metricstream.storage.block;

/**
 * The numbers that writer and reader of a page share; docs/format/part.md explains them.
 *
 * <pre>
 *  directory                                      times, values
 *    varint blocks, varint time columns             upper bytes of the remainders, squeezed
 *    varint length of each of the two squeezed      lower bits of the remainders
 *    u8 mode, u8 shift        per time column
 *    u8 mode, u8 shift, u8 exponent   per block
 *    signed step to its time column   per block
 *    numbers of each time column, then of each block
 * </pre>
 */
final class PageLayout {
    /** Samples in a block, at most. */
    static final int MAX_BLOCK_SAMPLES = 2048;
    /** Blocks in a page, at most. */
    static final int MAX_BLOCKS = 1024;
    /** A page ends with the block with which it reaches this many bytes before squeezing. */
    static final int PAGE_BYTES = 64 << 10;
    /** No page is larger, whatever it claims. */
    static final int MAX_PAGE_BYTES = 1 << 20;

    static final int MODE_ORDER = 3;
    static final int MODE_PATCHES = 4;
    static final int MODE_EXCEPTIONS = 8;
    static final int MODE_CENTRE = 16;
    static final int MODE_STEP = 32;
    static final int MODE_SUMMARY = 64;
    static final int MODE_SAME_SERIES = 128;

    private PageLayout() {}
}

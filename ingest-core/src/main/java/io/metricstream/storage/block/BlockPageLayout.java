package io.metricstream.storage.block;

/**
 * The numbers that writer and reader of a page share; docs/format/part.md explains them.
 *
 * <pre>
 *  page                                           directory
 *    varint length of the directory                 varint blocks, varint time columns
 *    varint length of it, squeezed                  varint length of the two squeezed remainders
 *    directory, squeezed                            u8 mode per time column, then u8 shift
 *    upper bytes of the times, squeezed             u8 mode per block, then u8 shift, then u8 exponent
 *    lower bits of the times                        signed step to its time column per block
 *    upper bytes of the values, squeezed            numbers of each time column, then of each block
 *    lower bits of the values
 * </pre>
 */
final class BlockPageLayout {
    /** Samples in a block, at most. */
    static final int MAX_BLOCK_SAMPLES = 2048;
    /** Blocks in a page, at most. */
    static final int MAX_BLOCKS = 256;
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

    private BlockPageLayout() {}
}

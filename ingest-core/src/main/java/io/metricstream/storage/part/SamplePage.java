package io.metricstream.storage.part;

import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.BlockFormatException;
import io.metricstream.storage.block.BlockPageReader;
import io.metricstream.storage.block.Unsqueezer;

/**
 * A page of samples with what has been read in it, for one cursor after the other: where the next one wants the same page,
 * it is not read again.
 *
 * <p>Thread: that of the cursor that has taken it from {@link PartMemory}. Order: {@link #open}, unless it
 * {@link #holds} what is wanted, then what {@link #reader} gives.
 */
@OwnedBy(Role.QUERY)
final class SamplePage {
    private final PartInput.Page page = new PartInput.Page();
    private final BlockPageReader reader;
    private long part;
    /** That of the page among those of the part; -1 while there is none. */
    private int number = -1;

    SamplePage(@Borrowed Unsqueezer unsqueezer) {
        reader = new BlockPageReader(unsqueezer);
    }

    boolean holds(long wantedPart, int wantedNumber) {
        return part == wantedPart && number == wantedNumber;
    }

    boolean isOf(long wantedPart) {
        return part == wantedPart;
    }

    /** Where in the file the page begins. */
    long offset() {
        return page.offset();
    }

    /** From now on the page is unpacked with this, which stays the caller's. */
    void use(@Borrowed Unsqueezer unsqueezer) {
        reader.use(unsqueezer);
    }

    /** Brings a page of a part in. */
    void open(PartInput input, Contents contents, int wanted) throws StorageFailure {
        long at = contents.samplePages()[wanted];
        number = -1;
        part = input.part();
        page.forget();
        input.read(at, PartLayout.KIND_SAMPLES, contents.expectedBytes(wanted), page);
        try {
            reader.open(page.bytes(), page.start(), page.length());
        } catch (BlockFormatException e) {
            throw input.corrupt(at, "no page of blocks: " + e.getMessage());
        }
        long blocks = contents.firstBlocks()[wanted + 1] - contents.firstBlocks()[wanted];
        if (reader.blocks() != blocks) {
            throw input.corrupt(at, "a page of " + reader.blocks() + " blocks, wanted " + blocks);
        }
        number = wanted;
    }

    BlockPageReader reader() {
        return reader;
    }
}

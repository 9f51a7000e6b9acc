package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.block.BlockPageWriter;
import io.metricstream.storage.block.PackedOutput;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes the series of a cursor to a new part: under a temporary name, forced, then renamed, so that the name is a whole
 * part or none.
 *
 * <p>Thread: the caller's. Memory: some pages, and the label index of the part up to
 * {@link LabelIndexBuilder#MAX_BYTES}; more of it is written twice. Order: the cursor's series ascend by their
 * labels. Fails: {@link StorageFailure}, after which nothing is left under either name but what was there before.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
public final class PartWriter {
    private final PartOutput out;
    private final BlockPageWriter blockPage;
    private final PackedOutput page = new PackedOutput();
    private final SeriesPages seriesPages = new SeriesPages();
    private final LabelIndexBuilder labels;

    private long[] samplePages = new long[64];
    private long[] firstBlocks = new long[64];
    private int pages;
    private long blocks;

    /** The block that is filled. */
    private final long[] times = new long[BlockPageWriter.MAX_BLOCK_SAMPLES];

    private final double[] values = new double[BlockPageWriter.MAX_BLOCK_SAMPLES];
    private int filled;

    private long samples;
    private long minMillis = Long.MAX_VALUE;
    private long maxMillis = Long.MIN_VALUE;

    private PartWriter(PartOutput out, BlockPageWriter blockPage, LabelIndexBuilder labels) {
        this.out = out;
        this.blockPage = blockPage;
        this.labels = labels;
    }

    /** Writes a part in place of whatever has its name; without a sample there is no file and nothing is replaced. */
    public static PartSummary write(Disk disk, Path target, PartHeader.Origin origin, SeriesCursor series)
            throws StorageFailure {
        return write(disk, target, origin, series, LabelIndexBuilder.MAX_BYTES);
    }

    /** The same with so much memory for the label index. */
    static PartSummary write(Disk disk, Path target, PartHeader.Origin origin, SeriesCursor series, long maxLabelBytes)
            throws StorageFailure {
        Path temporary = DurableFiles.temporary(target);
        disk.delete(temporary);
        PartSummary written;
        try (PartOutput out = new PartOutput(disk, temporary);
                BlockPageWriter blockPage = new BlockPageWriter();
                LabelIndexBuilder labels = new LabelIndexBuilder(disk, target, maxLabelBytes)) {
            written = new PartWriter(out, blockPage, labels).write(origin, series);
        } catch (StorageFailure | RuntimeException e) {
            DurableFiles.discard(disk, temporary, e);
            throw e;
        }
        if (written.samples() == 0) {
            disk.delete(temporary);
        } else {
            DurableFiles.publish(disk, temporary, target);
        }
        return written;
    }

    private PartSummary write(PartHeader.Origin origin, SeriesCursor cursor) throws StorageFailure {
        while (cursor.next()) {
            long before = blocks;
            add(cursor.samples());
            endBlock();
            if (blocks > before) {
                labels.add(seriesPages.series(), cursor.key());
                seriesPages.add(out, cursor.key(), cursor.keyLength(), Math.toIntExact(blocks - before));
            }
        }
        if (samples == 0) {
            return PartSummary.NOTHING;
        }
        endSamplePage();
        seriesPages.finish(out);
        var header = new PartHeader(origin, minMillis, maxMillis, seriesPages.series(), samples, 0);
        var contents = new Contents(
                header,
                Arrays.copyOf(samplePages, pages),
                Arrays.copyOf(firstBlocks, pages + 1),
                seriesPages.offsets(),
                seriesPages.firstSeries(),
                labels.write(out));
        page.clear();
        contents.encode(page);
        long bytes = out.finish(out.writePage(PartLayout.KIND_CONTENTS, page));
        return new PartSummary(seriesPages.series(), samples, bytes);
    }

    private void add(SampleRuns runs) throws StorageFailure {
        while (runs.next()) {
            int count = runs.count();
            long[] runTimes = runs.timestampsMillis();
            double[] runValues = runs.values();
            for (int at = 0; at < count; ) {
                int piece = Math.min(count - at, times.length - filled);
                System.arraycopy(runTimes, at, times, filled, piece);
                System.arraycopy(runValues, at, values, filled, piece);
                filled += piece;
                at += piece;
                if (filled == times.length) {
                    endBlock();
                }
            }
        }
    }

    private void endBlock() throws StorageFailure {
        if (filled == 0) {
            return;
        }
        if (blockPage.isFull()) {
            endSamplePage();
        }
        blockPage.add(times, values, filled);
        blocks++;
        samples += filled;
        minMillis = Math.min(minMillis, times[0]);
        maxMillis = Math.max(maxMillis, times[filled - 1]);
        filled = 0;
    }

    private void endSamplePage() throws StorageFailure {
        if (pages + 1 == samplePages.length) {
            samplePages = Arrays.copyOf(samplePages, pages * 2);
            firstBlocks = Arrays.copyOf(firstBlocks, pages * 2);
        }
        page.clear();
        blockPage.finish(page);
        samplePages[pages++] = out.writePage(PartLayout.KIND_SAMPLES, page);
        firstBlocks[pages] = blocks;
    }
}

package io.metricstream.storage.part;

import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Writes the series of a cursor to one new part. Lives inside one call. */
public final class PartWriter {
    static final long MAGIC = 0x545241504D525453L;
    private ByteBuffer out = ByteBuffer.allocate(1 << 16);
    private long series;
    private long samples;
    private long minMillis = Long.MAX_VALUE;
    private long maxMillis = Long.MIN_VALUE;

    private PartWriter() {}

    /**
     * Writes all of a cursor, which stays the caller's to close, under a temporary name, and puts the finished file in
     * place of what has the target's name. Makes no file where there is no sample.
     */
    public static PartSummary write(Disk disk, Path target, PartHeader.Origin origin, SeriesCursor series)
            throws StorageFailure {
        return new PartWriter().writeAll(disk, target, origin, series);
    }

    private PartSummary writeAll(Disk disk, Path target, PartHeader.Origin origin, SeriesCursor cursor)
            throws StorageFailure {
        out.putLong(MAGIC).putLong(origin.partitionStartMillis()).putLong(origin.partitionSpanMillis());
        out.putLong(origin.firstSequence()).putLong(origin.lastSequence()).putLong(origin.lastDeletion());
        while (cursor.next()) {
            series++;
            room(4 + cursor.keyLength()).putInt(cursor.keyLength()).put(cursor.key(), 0, cursor.keyLength());
            SampleRuns runs = cursor.samples();
            while (runs.next()) {
                room(4 + 16 * runs.count()).putInt(runs.count());
                for (int i = 0; i < runs.count(); i++) {
                    out.putLong(runs.timestampsMillis()[i]);
                    out.putLong(Double.doubleToRawLongBits(runs.values()[i]));
                }
                samples += runs.count();
                minMillis = Math.min(minMillis, runs.firstMillis());
                maxMillis = Math.max(maxMillis, runs.lastMillis());
            }
            room(4).putInt(0);
        }
        if (samples == 0) {
            return PartSummary.NOTHING;
        }
        room(4).putInt(0);
        out.flip();
        var crc = new CRC32C();
        crc.update(out.duplicate());
        ByteBuffer all = ByteBuffer.allocate(out.limit() + 4);
        all.put(out).putInt((int) crc.getValue()).flip();
        int bytes = all.remaining();
        Path temporary = DurableFiles.temporary(target);
        disk.delete(temporary);
        try (DiskFile file = disk.create(temporary)) {
            file.write(all, 0);
            file.force();
        }
        DurableFiles.publish(disk, temporary, target);
        return new PartSummary(series, samples, bytes, minMillis, maxMillis);
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            out = ByteBuffer.allocate(2 * (out.position() + bytes)).put(out.flip());
        }
        return out;
    }
}

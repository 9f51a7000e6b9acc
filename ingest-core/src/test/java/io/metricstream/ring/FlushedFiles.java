package io.metricstream.ring;

import io.metricstream.model.SeriesKey;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Memtable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/** Stands where parts stand: a durable file of the numbered samples of each memtable that was frozen. */
final class FlushedFiles {
    private static final int SAMPLE_BYTES = Integer.BYTES + 2 * Long.BYTES;
    private static final Path FOLDER = WriterByHand.DATA.resolve("flushed");

    private FlushedFiles() {}

    static void write(Disk disk, Memtable memtable) throws StorageFailure {
        disk.createFolders(FOLDER);
        disk.syncFolder(WriterByHand.DATA);
        ByteBuffer bytes = ByteBuffer.allocate((int) memtable.samples() * SAMPLE_BYTES);
        try (SeriesCursor cursor = memtable.select(Selection.ALL)) {
            while (cursor.next()) {
                int part = Integer.parseInt(cursor.labels().get("part"));
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    for (int i = 0; i < runs.count(); i++) {
                        bytes.putInt(part).putLong(runs.timestampsMillis()[i]).putDouble(runs.values()[i]);
                    }
                }
            }
        }
        Path path = FOLDER.resolve(memtable.firstSequence() + "-" + memtable.lastSequence());
        DurableFiles.write(disk, path, bytes.flip());
    }

    /** All that is in files that are finished. */
    static void read(CrashingDisk disk, Ledger.Stored into) {
        for (Map.Entry<Path, byte[]> file : disk.files().entrySet()) {
            if (FOLDER.equals(file.getKey().getParent())
                    && !file.getKey().toString().endsWith(DurableFiles.TEMPORARY)) {
                ByteBuffer bytes = ByteBuffer.wrap(file.getValue());
                while (bytes.hasRemaining()) {
                    into.add(bytes.getInt(), bytes.getLong(), bytes.getDouble());
                }
            }
        }
    }

    /** All that is in this memtable. */
    static void read(Memtable memtable, Ledger.Stored into) throws StorageFailure {
        try (SeriesCursor cursor = memtable.select(Selection.ALL)) {
            while (cursor.next()) {
                int part = Integer.parseInt(String.valueOf(SeriesKey.parse(cursor.key(), 0, cursor.keyLength())
                        .tags()
                        .get("part")));
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    for (int i = 0; i < runs.count(); i++) {
                        into.add(part, runs.timestampsMillis()[i], runs.values()[i]);
                    }
                }
            }
        }
    }
}

package io.metricstream.export;

import io.metricstream.model.SeriesKey;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.part.PartDamage;
import io.metricstream.storage.wal.LogExtent;
import io.metricstream.storage.wal.WalPosition;
import io.metricstream.storage.wal.WalReader;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The samples of a data folder: those in parts, part by part, in each by series and time; then those that are in the log
 * only, as they were written. A sample that was written again for the same time may come twice, the valid one last.
 *
 * <p>Thread: its creator. Owns: the files, open until {@link #close}. Limits: a few pages, and a few bytes for each series in
 * the log. Fails: damaged pages of parts are passed over and counted.
 */
@OwnedBy(Role.MAIN)
public final class FolderSource implements SampleSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderSource.class);
    /** The number of whatever series of a part is being read. */
    private static final int PART_REF = 0;

    private final StoredFolder folder;
    private final WalPosition end;

    private FolderSource(StoredFolder folder, WalPosition end) {
        this.folder = folder;
        this.end = end;
    }

    /** Opens what is stored now; what is written later is not read. */
    public static FolderSource open(Disk disk, Path path) throws StorageFailure {
        StoredFolder folder = StoredFolder.open(disk, path);
        try {
            return new FolderSource(folder, LogExtent.durableEnd(folder.files(), path));
        } catch (StorageFailure e) {
            folder.close();
            throw e;
        }
    }

    @Override
    public long sizeBytes() throws StorageFailure {
        return LogExtent.bytesBetween(folder.files(), folder.path(), WalPosition.START, end)
                + folder.parts().bytes();
    }

    @Override
    public SourceLoss read(Selection selection, SampleSource.Sink sink, LongConsumer onProgress) throws StorageFailure {
        long damages = folder.damages().size();
        for (int part = 0; part < folder.parts().count(); part++) {
            damages += readPart(part, selection, sink);
            onProgress.accept(folder.parts().bytes(part));
        }
        var log = new LoggedSamples(folder, selection, sink);
        var reader = new WalReader(folder.files(), folder.path(), folder.firstLogged(), log, onProgress);
        reader.readTo(end);
        return new SourceLoss(damages + reader.damages(), reader.orphanSamples() + log.unreadableSeriesSamples());
    }

    @Override
    public void close() throws StorageFailure {
        folder.close();
    }

    /** Returns how many places of it are damaged. */
    private long readPart(int part, Selection selection, SampleSource.Sink sink) throws StorageFailure {
        var damage = new Passing();
        try (SeriesCursor cursor = folder.parts().select(part, selection, damage)) {
            while (cursor.next()) {
                sink.onSeries(PART_REF, SeriesKey.parse(cursor.key(), 0, cursor.keyLength()));
                SampleRuns runs = cursor.samples();
                while (runs.next()) {
                    long[] times = runs.timestampsMillis();
                    double[] values = runs.values();
                    for (int i = 0; i < runs.count(); i++) {
                        sink.onSample(PART_REF, times[i], values[i]);
                    }
                }
            }
        }
        return damage.places;
    }

    private static final class Passing implements PartDamage {
        private long places;

        @Override
        public void onDamage(StorageFailure.Corrupt damage) {
            LOG.warn("damaged samples are left out: {}", damage.getMessage());
            places++;
        }

        @Override
        public boolean passesOver() {
            return true;
        }
    }
}

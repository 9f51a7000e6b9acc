package io.metricstream.export;

import io.metricstream.model.Series;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Matcher;
import io.metricstream.select.Selection;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.LogExtent;
import io.metricstream.storage.wal.WalPosition;
import io.metricstream.storage.wal.WalReader;
import io.metricstream.storage.wal.WalReplay;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.LongConsumer;

/**
 * The samples in the write-ahead log of a data folder, in its order; a server may be appending to it.
 *
 * <p>Thread: its creator. Limits: a bit of memory for each series.
 */
@OwnedBy(Role.MAIN)
public final class LogSource implements SampleSource {
    private final Disk disk;
    private final Path dataFolder;
    private final WalPosition end;

    /** Reads up to where the log ends now. */
    public LogSource(Disk disk, Path dataFolder) throws StorageFailure {
        this.disk = disk;
        this.dataFolder = dataFolder;
        this.end = LogExtent.durableEnd(disk, dataFolder);
    }

    @Override
    public long sizeBytes() throws StorageFailure {
        return LogExtent.bytesBetween(disk, dataFolder, WalPosition.START, end);
    }

    @Override
    public SourceLoss read(Selection selection, SampleSink sink, LongConsumer onProgress) throws StorageFailure {
        var selecting = new Selecting(selection, sink);
        var reader = new WalReader(disk, dataFolder, WalPosition.START, selecting, onProgress);
        reader.readTo(end);
        return new SourceLoss(reader.damages(), reader.orphanSamples() + selecting.unreadableSeriesSamples);
    }

    /** Lets through what is selected. */
    private static final class Selecting implements WalReplay {
        private final Selection selection;
        private final SampleSink sink;
        private final BitSet selected = new BitSet();
        private final BitSet unreadable = new BitSet();
        private long unreadableSeriesSamples;

        Selecting(Selection selection, SampleSink sink) {
            this.selection = selection;
            this.sink = sink;
        }

        @Override
        public void onSeries(int ref, @Borrowed byte[] key, int offset, int length) throws StorageFailure {
            Series series = SeriesKey.tryParse(key, offset, length);
            unreadable.set(ref, series == null);
            boolean wanted = series != null && allMatch(series);
            selected.set(ref, wanted);
            if (series != null && wanted) {
                sink.onSeries(ref, series);
            }
        }

        private boolean allMatch(Series series) {
            for (Matcher matcher : selection.matchers()) {
                if (!matcher.matches(series.label(matcher.label()))) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void onSamples(
                long sequence,
                int count,
                @Borrowed int[] refs,
                @Borrowed long[] timestampsMillis,
                @Borrowed double[] values)
                throws StorageFailure {
            for (int i = 0; i < count; i++) {
                if (selected.get(refs[i])) {
                    if (timestampsMillis[i] >= selection.fromMillis() && timestampsMillis[i] <= selection.toMillis()) {
                        sink.onSample(refs[i], timestampsMillis[i], values[i]);
                    }
                } else if (unreadable.get(refs[i])) {
                    unreadableSeriesSamples++;
                }
            }
        }
    }
}

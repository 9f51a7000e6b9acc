package io.metricstream.export;

import io.metricstream.model.Series;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Selectable;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.SampleTable;
import io.metricstream.storage.merge.MergedCursor;
import io.metricstream.storage.part.PartDamage;
import io.metricstream.storage.wal.LogExtent;
import io.metricstream.storage.wal.WalPosition;
import io.metricstream.storage.wal.WalReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The samples of a data folder, to be asked as the server that writes there is: series by series in label order, each sample
 * once.
 *
 * <p>Thread: its creator. Owns: the files, open until {@link #close}. Limits: what is selected of the log is in memory while it
 * is read. Fails: what is damaged is passed over, and told of by {@link #damages}.
 */
@OwnedBy(Role.MAIN)
public final class FolderSamples implements Selectable, AutoCloseable {
    private final StoredFolder folder;
    private final WalPosition end;
    private final Set<String> damages = Collections.synchronizedSet(new LinkedHashSet<>());

    private FolderSamples(StoredFolder folder, WalPosition end) {
        this.folder = folder;
        this.end = end;
        damages.addAll(folder.damages());
    }

    /** Opens what is stored now; what is written later is not read. */
    public static FolderSamples open(Disk disk, Path path) throws StorageFailure {
        StoredFolder folder = StoredFolder.open(disk, path);
        try {
            return new FolderSamples(folder, LogExtent.durableEnd(folder.files(), path));
        } catch (StorageFailure e) {
            folder.close();
            throw e;
        }
    }

    @Override
    public SeriesCursor select(Selection selection) throws StorageFailure {
        var newestFirst = new ArrayList<SeriesCursor>();
        try {
            newestFirst.add(logged(selection).select(selection));
            var damage = new Passing(damages);
            for (int part = folder.parts().count() - 1; part >= 0; part--) {
                newestFirst.add(folder.parts().select(part, selection, damage));
            }
        } catch (StorageFailure | RuntimeException e) {
            newestFirst.forEach(SeriesCursor::close);
            throw e;
        }
        return MergedCursor.of(newestFirst);
    }

    /** What of all that was asked for so far could not be read, each with its place. */
    public List<String> damages() {
        return List.copyOf(damages);
    }

    @Override
    public void close() throws StorageFailure {
        folder.close();
    }

    private SampleTable logged(Selection selection) throws StorageFailure {
        var memory = new Memory(new SampleTable(), new HashMap<>());
        var log = new LoggedSamples(folder, selection, memory);
        var reader = new WalReader(folder.files(), folder.path(), folder.firstLogged(), log, bytes -> {});
        reader.readTo(end);
        long orphans = reader.orphanSamples() + log.unreadableSeriesSamples();
        if (reader.damages() > 0 || orphans > 0) {
            damages.add("the log: damaged-places=" + reader.damages() + ", samples-without-series=" + orphans);
        }
        return memory.table;
    }

    /** Takes what the log has into memory, where series have other numbers. */
    private record Memory(SampleTable table, Map<Integer, Integer> numbers) implements SampleSource.Sink {
        @Override
        public void onSeries(int ref, Series series) {
            numbers.put(ref, table.series(SeriesKey.of(series.type(), series.name(), series.tags())));
        }

        @Override
        public void onSample(int ref, long timestampMillis, double value) {
            Integer number = numbers.get(ref);
            if (number == null) {
                throw new IllegalStateException("a sample came before its series: ref=" + ref);
            }
            table.add(number, timestampMillis, value);
        }
    }

    private record Passing(Set<String> damages) implements PartDamage {
        @Override
        public void onDamage(StorageFailure.Corrupt damage) {
            damages.add(String.valueOf(damage.getMessage()));
        }

        @Override
        public boolean passesOver() {
            return true;
        }
    }
}

package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DiskFile;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * Label indexes of stretches of a part's series, in a file beside it, that become one: what does not fit into memory at
 * once.
 *
 * <p>Thread: the writer's. Owns: the file, until {@link #close} deletes it; its name is that of an unfinished one. Order:
 * {@link #add} the stretches, those of lower series first, then {@link #merge}. Memory: some pages for each stretch.
 */
@OwnedBy({Role.FLUSHER, Role.COMPACTOR})
final class LabelRuns implements AutoCloseable {
    private final Disk disk;
    private final Path path;
    private final PartOutput out;
    private final List<List<Contents.LabelPages>> runs = new ArrayList<>();

    LabelRuns(Disk disk, Path path) throws StorageFailure {
        this.disk = disk;
        this.path = path;
        disk.delete(path);
        this.out = new PartOutput(disk, path);
    }

    /** Where the next stretch is written to. */
    PartOutput out() {
        return out;
    }

    /** Adds the stretch that was written. */
    void add(List<Contents.LabelPages> run) {
        runs.add(run);
    }

    /** One stretch, at one of its values. */
    private static final class Run {
        private final int number;
        private final List<Contents.LabelPages> labels;
        private final LabelIndex index;
        private int nextLabel;

        Run(int number, List<Contents.LabelPages> labels, LabelIndex index) {
            this.number = number;
            this.labels = labels;
            this.index = index;
        }

        /** Moves to the first value of a label; false where there is none of it. Labels are asked for in their order. */
        boolean open(Text name) throws StorageFailure {
            if (nextLabel == labels.size()) {
                return false;
            }
            Contents.LabelPages next = labels.get(nextLabel);
            if (!name.is(next.name(), 0, next.name().length)) {
                return false;
            }
            nextLabel++;
            index.open(next);
            return index.next();
        }

        int number() {
            return number;
        }

        LabelIndex index() {
            return index;
        }
    }

    /** Writes all stretches as one; returns where it is. */
    List<Contents.LabelPages> merge(PartOutput into) throws StorageFailure {
        long bytes = out.finish(0);
        try (DiskFile file = disk.openRead(path);
                PartInput input = new PartInput(file, path, bytes)) {
            return merge(input, into);
        } catch (StorageFailure.Corrupt damaged) {
            // Nothing that is stored is damaged: making the part again makes this file again.
            throw new StorageFailure.Io(path, "reading what was just written: " + damaged.getMessage());
        }
    }

    private List<Contents.LabelPages> merge(PartInput input, PartOutput into) throws StorageFailure {
        var names = new TreeSet<Text>();
        var open = new ArrayList<Run>();
        for (List<Contents.LabelPages> labels : runs) {
            labels.forEach(label -> names.add(Text.of(label.name())));
            open.add(new Run(open.size(), labels, new LabelIndex(input, labels, Integer.MAX_VALUE)));
        }
        // Lower series first where stretches have the same value.
        var atValues = new PriorityQueue<Run>(
                Comparator.comparing(Run::index, LabelIndex::compareValues).thenComparingInt(Run::number));
        var places = new ArrayList<Contents.LabelPages>();
        for (Text name : names) {
            for (Run run : open) {
                if (run.open(name)) {
                    atValues.add(run);
                }
            }
            var pages = new LabelPagesWriter(into);
            while (!atValues.isEmpty()) {
                pages.add(takeValue(atValues));
            }
            places.add(pages.finish(name.toBytes()));
        }
        return places;
    }

    /** The least value, with its series in all stretches. */
    private static ValueSeries takeValue(PriorityQueue<Run> atValues) throws StorageFailure {
        var value = new ValueSeries(atValues.element().index().value());
        do {
            Run run = atValues.remove();
            run.index().appendTo(value);
            if (run.index().next()) {
                atValues.add(run);
            }
        } while (!atValues.isEmpty() && atValues.element().index().isValue(value.value()));
        return value;
    }

    @Override
    public void close() throws StorageFailure {
        out.close();
        disk.delete(path);
    }
}

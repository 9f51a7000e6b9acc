package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.StorageFailure;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Which types the series of each metric of a part have: a byte for each metric, in the order of the label index, whose bits
 * are the types. All series are read for it once, and no text is made of any.
 *
 * <p>Thread: the one that made it.
 */
@OwnedBy(Role.QUERY)
final class MetricTypes {
    private final PartInput input;
    private final Contents contents;

    MetricTypes(PartInput input, Contents contents) {
        this.input = input;
        this.contents = contents;
    }

    /** The bits of each metric. */
    byte[] read() throws StorageFailure {
        int[] metrics = new int[contents.header().series()];
        var index = new LabelIndex(input, contents);
        int count = 0;
        if (index.open(Labels.NAME)) {
            for (; index.next(); count++) {
                int metric = count;
                var series = new RoaringBitmap();
                index.addTo(series);
                series.forEach((IntConsumer) number -> metrics[number] = metric);
            }
        }
        if (count == 0) {
            throw input.corrupt(0, "series without the name of a metric");
        }
        byte[] bits = new byte[count];
        var reader = new SeriesReader(input, contents);
        for (int series = 0; series < metrics.length; series++) {
            reader.moveTo(series);
            // A key begins with the code of its type.
            bits[metrics[series]] |= (byte) (1 << reader.key()[0]);
        }
        return bits;
    }

    /** Adds the first metrics with their types. */
    void addTo(Map<String, Set<MetricType>> types, byte[] bits, int limit) throws StorageFailure {
        var index = new LabelIndex(input, contents);
        if (!index.open(Labels.NAME)) {
            return;
        }
        for (int metric = 0; metric < Math.min(limit, bits.length) && index.next(); metric++) {
            Set<MetricType> of = types.computeIfAbsent(index.text(), name -> EnumSet.noneOf(MetricType.class));
            for (MetricType type : MetricType.values()) {
                if ((bits[metric] & 1 << type.code()) != 0) {
                    of.add(type);
                }
            }
        }
    }
}

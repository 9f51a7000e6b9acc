package io.metricstream.storage.store;

import io.metricstream.model.SeriesKey;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.StoredSeries;
import java.util.HashSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the series that were written lately, in the parts of the newest two partitions. Stateless. */
final class RecentSeries {
    private static final Logger LOG = LoggerFactory.getLogger(RecentSeries.class);
    private static final int PARTITIONS = 2;

    private RecentSeries() {}

    /** At most so many, of the newest parts first. What is damaged is passed over: those who read samples deal with it. */
    static StoredSeries of(List<LivePart> parts, int most) throws StorageFailure {
        var recent = new StoredSeries(most);
        var partitions = new HashSet<Partition>();
        for (int i = parts.size() - 1; i >= 0 && !recent.isFull(); i--) {
            partitions.add(parts.get(i).partition());
            if (partitions.size() > PARTITIONS) {
                break;
            }
            try {
                parts.get(i).part().eachKey((key, length) -> recent.add(SeriesKey.hash(key, 0, length)));
            } catch (StorageFailure.Corrupt damage) {
                LOG.warn("the series of a part are not known: {}", damage.getMessage());
            }
        }
        return recent;
    }
}

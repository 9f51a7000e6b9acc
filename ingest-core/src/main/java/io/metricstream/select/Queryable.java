package io.metricstream.select;

import io.metricstream.model.MetricType;
import io.metricstream.storage.StorageFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Something that has samples and can be asked for them, and for what labels there are.
 *
 * <p>Thread: any, at any time, while it is written to. A reader sees every sample that was acknowledged before it asked,
 * and never holds a writer up.
 *
 * <p>The label calls speak of series that may have samples in the selection's range; they may name more than a look at
 * every sample would, at the edges of the range.
 */
public interface Queryable extends Selectable {
    /** The names of all labels of the selected series, {@link io.metricstream.model.Labels#NAME} among them, sorted, at most so many. */
    List<String> labelNames(Selection selection, int limit) throws StorageFailure;

    /** The values of a label among the selected series, sorted, at most so many. */
    List<String> labelValues(String label, Selection selection, int limit) throws StorageFailure;

    /** The types under which each metric was written, at most so many metrics. */
    Map<String, Set<MetricType>> types(Selection selection, int limit) throws StorageFailure;
}

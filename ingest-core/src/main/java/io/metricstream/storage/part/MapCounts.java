package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Iterator;
import java.util.Map;

/** Counts that are held in maps. */
@OwnedBy(Role.QUERY)
final class MapCounts implements LabelCounts {
    private final Iterator<Map.Entry<String, Map<String, Long>>> labels;
    private Map.Entry<String, Map<String, Long>> label = Map.entry("", Map.of());
    private Iterator<Map.Entry<String, Long>> values =
            label.getValue().entrySet().iterator();
    private Map.Entry<String, Long> value = Map.entry("", 0L);

    MapCounts(Map<String, Map<String, Long>> counts) {
        this.labels = counts.entrySet().iterator();
    }

    @Override
    public boolean nextLabel() {
        if (!labels.hasNext()) {
            return false;
        }
        label = labels.next();
        values = label.getValue().entrySet().iterator();
        return true;
    }

    @Override
    public String label() {
        return label.getKey();
    }

    @Override
    public long values() {
        return label.getValue().size();
    }

    @Override
    public boolean nextValue() {
        if (!values.hasNext()) {
            return false;
        }
        value = values.next();
        return true;
    }

    @Override
    public String value() {
        return value.getKey();
    }

    @Override
    public long series() {
        return value.getValue();
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}

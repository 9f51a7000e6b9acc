package io.metricstream.parse;

import io.metricstream.model.MetricType;
import io.metricstream.model.SampleBatch;
import io.metricstream.model.SeriesKey;
import io.metricstream.model.SeriesKeyWriter;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.head.SeriesTable;

/**
 * What a series is known by, as it is read: its name and its tags, and the key they make.
 *
 * <p>Thread: one event loop. Owns: the texts and the key. Order: the two fields are read, {@link #writeKey}, then the rest.
 * Creates no objects but for texts to show.
 */
@OwnedBy(Role.EVENT_LOOP)
final class KeyFields {
    final NameField name;
    final TagFields tags;
    private final SeriesKeyWriter keys = new SeriesKeyWriter();

    /** @param tagsField what the field is called that holds the tags */
    KeyFields(ParseLimits limits, String tagsField) {
        name = new NameField(limits);
        tags = new TagFields(limits, tagsField);
    }

    void clear() {
        name.clear();
        tags.clear();
    }

    /** Makes the key of a name that is good; false where something is wrong with the tags, which they tell then. */
    boolean writeKey(MetricType type) {
        keys.start(type, name.text().bytes(), 0, name.text().length());
        return tags.problem() == null && tags.writeTo(keys);
    }

    /** The ref of the series with the key that was made, or that of a new one of the batch, which it is added to. */
    int ref(SeriesTable series, SampleBatch into) {
        byte[] key = keys.bytes();
        int length = keys.length();
        long hash = SeriesKey.hash(key, 0, length);
        int ref = series.find(key, 0, length, hash);
        return ref >= 0 ? ref : into.addNewSeries(key, 0, length, hash);
    }

    /** The series of the key that was made, for the text of a refusal. */
    String shown() {
        return SeriesKey.parse(keys.bytes(), 0, keys.length()).shown();
    }

    /** The name, for the text of the refusal of a series without a key; empty where the name is wrong. */
    String shownName() {
        return name.problem() == null ? name.text().string(0, name.text().length()) : "";
    }
}

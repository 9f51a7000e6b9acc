package io.metricstream.storage.merge;

import io.metricstream.model.Labels;
import io.metricstream.select.Matcher;
import java.util.List;

/**
 * A request to forget samples: those of the matching series, in the range of time, that were written before it.
 *
 * @param id ascending, from 1
 * @param matchers all of which a series must fulfil
 * @param fromMillis the earliest time, itself included
 * @param toMillis the latest time, itself included
 * @param sequence the last record of the log that it covers; what was written later stays
 */
public record Deletion(long id, List<Matcher> matchers, long fromMillis, long toMillis, long sequence) {
    public Deletion {
        matchers = List.copyOf(matchers);
        if (id < 1) {
            throw new IllegalArgumentException("id: found " + id + ", wanted at least 1");
        }
    }

    /** Whether it covers series with these labels. */
    public boolean covers(Labels labels) {
        return Matcher.allMatch(matchers, labels::get);
    }

    /** Whether it covers any time of this range, both ends included. */
    public boolean touches(long firstMillis, long lastMillis) {
        return fromMillis <= lastMillis && firstMillis <= toMillis;
    }
}

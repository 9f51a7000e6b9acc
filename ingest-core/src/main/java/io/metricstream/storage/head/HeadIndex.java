package io.metricstream.storage.head;

import io.metricstream.model.SeriesKey;
import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Matcher;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Finds the series of a table by their labels. */
@ThreadSafe("reads the table only")
final class HeadIndex {
    private final SeriesTable series;

    HeadIndex(SeriesTable series) {
        this.series = series;
    }

    SeriesTable series() {
        return series;
    }

    /** The refs that fulfil all matchers and the predicate, in the order of their labels. */
    int[] select(List<Matcher> matchers, IntPredicate wanted, int refsEnd) {
        return IntStream.range(0, refsEnd)
                .filter(wanted)
                .filter(ref -> fulfils(ref, matchers))
                .boxed()
                .sorted(Comparator.comparing(this::key, (a, b) -> SeriesKey.compareByLabels(a, a.length, b, b.length)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private boolean fulfils(int ref, List<Matcher> matchers) {
        if (matchers.isEmpty()) {
            return true;
        }
        byte[] key = key(ref);
        var labels = SeriesKey.labels(key, key.length);
        return matchers.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.label())));
    }

    private byte[] key(int ref) {
        byte[] key = series.key(ref);
        if (key == null) {
            throw new IllegalStateException("samples of a ref without a series: ref=" + ref);
        }
        return key;
    }
}

package io.metricstream.storage.head;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Cancellation;
import io.metricstream.select.Matcher;
import io.metricstream.select.Selection;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * Finds the series of a table by their labels: for each label its values, and for each value the refs that have it.
 *
 * <p>Thread: any. Whoever asks first takes in the series that are new since the last time, so the disk writer pays nothing
 * for it. Limits: {@link #bytes}, 30 to 120 for each series; a value that only one series has costs most.
 */
@ThreadSafe("one lock for asking and for catching up; the disk writer never takes it")
final class HeadIndex {
    private final SeriesTable series;

    /** Guards what is below; no other lock is taken under it. */
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final LabelPostings postings;

    @GuardedBy("lock")
    private final LabelOrder order;

    private volatile long bytes;

    HeadIndex(SeriesTable series) {
        this.series = series;
        this.postings = new LabelPostings(series);
        this.order = new LabelOrder(series, postings);
    }

    SeriesTable series() {
        return series;
    }

    /** What it takes on the heap, as far as it has caught up. */
    long bytes() {
        return bytes;
    }

    /** The refs that fulfil all matchers and the predicate, in the order of their labels; times are not looked at. */
    int[] select(Selection selection, IntPredicate wanted) {
        synchronized (lock) {
            catchUp(selection);
            if (selection.matchers().isEmpty()) {
                return filtered(order.all(selection.cancellation()), wanted);
            }
            return order.sorted(selected(selection, wanted).stream().toArray(), selection.cancellation());
        }
    }

    /** The names of the labels of those series, sorted, at most so many. */
    List<String> labelNames(Selection selection, IntPredicate wanted, int limit) {
        synchronized (lock) {
            LabelPostings now = catchUp(selection);
            BitSet selected = selected(selection, wanted);
            NavigableSet<String> names = new TreeSet<>(Labels::compareText);
            now.forEachLabel((label, name) -> {
                selection.cancellation().check();
                if (isCandidate(names, name, limit) && now.anyValue(label, selected)) {
                    addWithin(names, name, limit);
                }
            });
            return new ArrayList<>(names);
        }
    }

    /** The values of a label of those series, sorted, at most so many. */
    List<String> labelValues(String label, Selection selection, IntPredicate wanted, int limit) {
        synchronized (lock) {
            LabelPostings now = catchUp(selection);
            BitSet selected = selected(selection, wanted);
            NavigableSet<String> values = new TreeSet<>(Labels::compareText);
            now.forEachValue(label, (pair, value) -> {
                selection.cancellation().check();
                if (isCandidate(values, value, limit) && now.anyRef(pair, selected::get)) {
                    addWithin(values, value, limit);
                }
            });
            return new ArrayList<>(values);
        }
    }

    /** The types of the metrics of those series, at most so many metrics. */
    Map<String, Set<MetricType>> types(Selection selection, IntPredicate wanted, int limit) {
        synchronized (lock) {
            LabelPostings now = catchUp(selection);
            BitSet selected = selected(selection, wanted);
            var types = new TreeMap<String, Set<MetricType>>(Labels::compareText);
            now.forEachValue(Labels.NAME, (pair, name) -> {
                selection.cancellation().check();
                Set<MetricType> found = EnumSet.noneOf(MetricType.class);
                now.forEachRef(pair, ref -> {
                    if (selected.get(ref)) {
                        found.add(series.type(ref));
                    }
                });
                if (!found.isEmpty()) {
                    types.put(name, found);
                    if (types.size() > limit) {
                        types.pollLastEntry();
                    }
                }
            });
            return types;
        }
    }

    @GuardedBy("lock")
    private LabelPostings catchUp(Selection selection) {
        postings.catchUp(selection.cancellation());
        bytes = postings.bytes() + order.bytes();
        series.onIndexed(postings.bytes());
        return postings;
    }

    @GuardedBy("lock")
    private BitSet selected(Selection selection, IntPredicate wanted) {
        Cancellation cancellation = selection.cancellation();
        BitSet selected = null;
        for (Matcher matcher : selection.matchers()) {
            if (!matcher.matchesEmpty()) {
                BitSet having = postings.having(matcher, true, cancellation);
                if (selected == null) {
                    selected = having;
                } else {
                    selected.and(having);
                }
            }
        }
        if (selected == null) {
            selected = new BitSet();
            selected.set(0, postings.refs());
        }
        for (Matcher matcher : selection.matchers()) {
            if (matcher.matchesEmpty()) {
                selected.andNot(postings.having(matcher, false, cancellation));
            }
        }
        for (int ref = selected.nextSetBit(0); ref >= 0; ref = selected.nextSetBit(ref + 1)) {
            cancellation.check();
            if (!wanted.test(ref)) {
                selected.clear(ref);
            }
        }
        return selected;
    }

    private static int[] filtered(int[] refs, IntPredicate wanted) {
        int[] some = new int[refs.length];
        int count = 0;
        for (int ref : refs) {
            if (wanted.test(ref)) {
                some[count++] = ref;
            }
        }
        return java.util.Arrays.copyOf(some, count);
    }

    private static boolean isCandidate(NavigableSet<String> texts, String text, int limit) {
        return limit > 0 && (texts.size() < limit || Labels.compareText(text, texts.last()) < 0);
    }

    private static void addWithin(NavigableSet<String> texts, String text, int limit) {
        texts.add(text);
        if (texts.size() > limit) {
            texts.pollLast();
        }
    }
}

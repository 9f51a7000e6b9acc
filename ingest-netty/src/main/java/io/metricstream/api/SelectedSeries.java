package io.metricstream.api;

import io.metricstream.http.ApiRequest;
import io.metricstream.select.Cancellation;
import io.metricstream.select.Matcher;
import io.metricstream.select.Queryable;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.merge.MergedCursor;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code match[]}, {@code start} and {@code end} select: the series of any of the selectors, of all series where there
 * is none.
 */
record SelectedSeries(List<Selection> selections) {
    static SelectedSeries of(List<List<Matcher>> selectors, long fromMillis, long toMillis, Cancellation cancellation) {
        List<List<Matcher>> all = selectors.isEmpty() ? List.of(List.of()) : selectors;
        return new SelectedSeries(all.stream()
                .map(matchers -> new Selection(matchers, fromMillis, toMillis, cancellation))
                .toList());
    }

    static SelectedSeries of(List<List<Matcher>> selectors, ApiRequest request) {
        long[] range = request.parameters().range();
        return of(selectors, range[0], range[1], request.cancellation());
    }

    /** Each series once, in label order; the caller closes it. */
    SeriesCursor open(Queryable stored) throws StorageFailure {
        var cursors = new ArrayList<SeriesCursor>(selections.size());
        try {
            for (Selection selection : selections) {
                cursors.add(stored.select(selection));
            }
        } catch (StorageFailure | RuntimeException e) {
            cursors.forEach(SeriesCursor::close);
            throw e;
        }
        return MergedCursor.of(cursors);
    }
}

package io.metricstream.promql.engine;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.parse.Shift;
import io.metricstream.select.Selectable;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;

/** What all operators of a running query share. */
@OwnedBy(Role.QUERY)
final class Evaluation {
    private final Selectable stored;
    private final ReadAhead readAhead;
    private final Budget budget;
    private final Grid query;
    private final long lookbackMillis;
    private final Annotations annotations = new Annotations();

    Evaluation(Selectable stored, ReadAhead readAhead, Budget budget, Grid query, long lookbackMillis) {
        this.stored = stored;
        this.readAhead = readAhead;
        this.budget = budget;
        this.query = query;
        this.lookbackMillis = lookbackMillis;
    }

    Selectable stored() {
        return stored;
    }

    /** The selected series with all their samples. */
    SeriesCursor select(Selection selection) throws StorageFailure {
        return readAhead.around(stored.select(selection));
    }

    Budget budget() {
        return budget;
    }

    Annotations annotations() {
        return annotations;
    }

    /** The steps of the whole query, whatever a subquery's are. */
    Grid query() {
        return query;
    }

    /** The window of a selector of single samples. */
    Reach lookback(Shift shift) {
        return reach(shift, lookbackMillis);
    }

    Reach reach(Shift shift, long lengthMillis) {
        return new Reach(
                shift.pinnedMillis(query.startMillis(), query.endMillis()), shift.offsetMillis(), lengthMillis);
    }
}

package io.metricstream.promql.engine;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.parse.Shift;
import io.metricstream.select.Selectable;

/** What all operators of a running query share. */
@OwnedBy(Role.QUERY)
final class Evaluation {
    private final Selectable stored;
    private final Budget budget;
    private final Grid query;
    private final long lookbackMillis;
    private final Annotations annotations = new Annotations();

    Evaluation(Selectable stored, Budget budget, Grid query, long lookbackMillis) {
        this.stored = stored;
        this.budget = budget;
        this.query = query;
        this.lookbackMillis = lookbackMillis;
    }

    Selectable stored() {
        return stored;
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

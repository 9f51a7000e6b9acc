package io.metricstream.rules;

import io.metricstream.promql.engine.QueryEngine;
import io.metricstream.promql.engine.QueryException;
import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.promql.parse.ValueType;
import io.metricstream.select.Cancellation;
import io.metricstream.select.Queryable;
import java.util.List;
import java.util.function.Supplier;

/** Asks what expressions are, with the limits of any query. Thread: any; a query ends early once {@link #cancel} was called. */
final class RuleQueries {
    private final QueryEngine engine;
    private final Supplier<? extends Queryable> stored;
    private final Cancellation cancellation = new Cancellation();

    RuleQueries(QueryEngine engine, Supplier<? extends Queryable> stored) {
        this.engine = engine;
        this.stored = stored;
    }

    /** The series of an expression at a time; a number is one series without labels. */
    List<ResultSeries> at(String expression, long timeMillis) throws RuleException, InterruptedException {
        QueryResult result;
        try {
            result = engine.run(QueryRequest.instant(expression, timeMillis), stored.get(), cancellation);
        } catch (QueryException e) {
            checkNotCancelled();
            throw new RuleException(e);
        }
        if (result.type() != ValueType.VECTOR && result.type() != ValueType.SCALAR) {
            throw new RuleException("rule result is not a vector or scalar");
        }
        return result.series();
    }

    Queryable stored() {
        return stored.get();
    }

    void checkNotCancelled() throws InterruptedException {
        if (cancellation.isCancelled()) {
            throw new InterruptedException("rules are being stopped");
        }
    }

    /** Ends what is read for rules. */
    Cancellation cancellation() {
        return cancellation;
    }

    void cancel() {
        cancellation.cancel();
    }
}

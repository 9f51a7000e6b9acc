package io.metricstream.promql.script;

import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.QueryResult;

/** What a script runs against: something that takes samples and answers queries. */
public interface ScriptTarget {
    /** Everything that was loaded goes. */
    void clear() throws Exception;

    /** Takes samples of any series at any time; what comes for the same time again counts. */
    void load(Script.Load load) throws Exception;

    /** What a query comes to. */
    QueryResult run(QueryRequest request) throws NoResultException, InterruptedException;

    /** A query that has no result; the message is what clients are told. */
    final class NoResultException extends Exception {
        private static final long serialVersionUID = 1;

        public NoResultException(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }
}

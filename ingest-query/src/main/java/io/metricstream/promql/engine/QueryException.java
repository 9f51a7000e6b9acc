package io.metricstream.promql.engine;

import io.metricstream.storage.StorageFailure;

/** A query that has no answer; the message is for the client. */
public final class QueryException extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** Why there is none. */
    public enum Kind {
        /** The query, or what was asked with it, is wrong. */
        BAD_DATA,
        /** It cannot be computed from what is stored, or would take more than it may. */
        EXECUTION,
        /** It would take, with others, more than all may; it may be asked again. */
        BUSY,
        /** It took too long. */
        TIMEOUT,
        /** Nobody waits for it any more. */
        CANCELED,
        /** What is stored cannot be read; the cause is a {@link StorageFailure}. */
        STORAGE
    }

    QueryException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    QueryException(Kind kind, Exception cause) {
        super(cause.getMessage(), cause);
        this.kind = kind;
    }

    static QueryException execution(String message) {
        return new QueryException(Kind.EXECUTION, message);
    }

    /** Nobody waits for it any more. */
    static QueryException canceled() {
        return new QueryException(Kind.CANCELED, "query was canceled in expression evaluation");
    }

    /** Two series became one, and both have a value at the same step. */
    static QueryException sameLabels() {
        return execution("vector cannot contain metrics with the same labelset");
    }

    public Kind kind() {
        return kind;
    }
}

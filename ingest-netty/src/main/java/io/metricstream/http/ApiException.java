package io.metricstream.http;

/** A question that is not answered. */
public final class ApiException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    public ApiException(Refusal refusal) {
        super(refusal.message());
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}

package io.metricstream.http;

/** What was asked for is not had, or not done; the refusal is for the client. */
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

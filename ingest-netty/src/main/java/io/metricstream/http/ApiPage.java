package io.metricstream.http;

import java.io.IOException;
import java.io.OutputStream;

/** Answers one {@link ApiCall}. */
@FunctionalInterface
public interface ApiPage {
    /**
     * Writes the body of an answer. What is written is sent in pieces while more is made, and writing waits for a client
     * that takes them slowly.
     *
     * <p>Thread: one of the workers, never an event loop; several at once. Fails: {@link ApiException} and
     * IllegalArgumentException, which the client is told, as long as less than a piece was written; afterwards the
     * connection is cut. IOException where nobody is there any more.
     */
    void answer(ApiRequest request, OutputStream out) throws ApiException, IOException;
}

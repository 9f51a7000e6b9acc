package io.metricstream.http;

import io.metricstream.select.Cancellation;
import java.io.InputStream;

/**
 * What is asked.
 *
 * @param label the label's name where the path has one, empty elsewhere
 * @param accept what the client says that it takes, as in the header
 * @param body what came with it where that is no form; empty elsewhere
 * @param waitedNanos how long it waited for a worker
 * @param cancellation tells when nobody waits for the answer any more: the connection has ended, or the client sends no more. Who
 *     asks and says that no more will come is taken to have left, for that is how an ended connection looks
 */
public record ApiRequest(
        String label,
        Parameters parameters,
        String accept,
        InputStream body,
        long waitedNanos,
        Cancellation cancellation) {
    ApiRequest waited(long nanos) {
        return new ApiRequest(label, parameters, accept, body, nanos, cancellation);
    }
}

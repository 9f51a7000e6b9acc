package io.metricstream.http;

import java.io.InputStream;

/**
 * What is asked.
 *
 * @param label the label's name where the path has one, empty elsewhere
 * @param accept what the client says that it takes, as in the header
 * @param body what came with it where that is no form; empty elsewhere
 * @param waitedNanos how long it waited for a worker
 * @param departure tells when nobody waits for the answer any more
 */
public record ApiRequest(
        String label, Parameters parameters, String accept, InputStream body, long waitedNanos, Departure departure) {
    ApiRequest waited(long nanos) {
        return new ApiRequest(label, parameters, accept, body, nanos, departure);
    }
}

package io.metricstream.http;

/**
 * What is asked.
 *
 * @param label the label's name where the path has one, empty elsewhere
 * @param accept what the client says that it takes, as in the header
 * @param waitedNanos how long it waited for a worker
 * @param departure tells when nobody waits for the answer any more
 */
public record ApiRequest(String label, Parameters parameters, String accept, long waitedNanos, Departure departure) {
    ApiRequest waited(long nanos) {
        return new ApiRequest(label, parameters, accept, nanos, departure);
    }
}

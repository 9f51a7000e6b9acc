package io.metricstream.http;

/**
 * What is asked.
 *
 * @param label the label's name where the path has one, empty elsewhere
 * @param waitedNanos how long it waited for a worker
 * @param departure tells when nobody waits for the answer any more
 */
public record ApiRequest(String label, Parameters parameters, long waitedNanos, Departure departure) {
    ApiRequest waited(long nanos) {
        return new ApiRequest(label, parameters, nanos, departure);
    }
}

package io.metricstream.http;

/**
 * What is asked.
 *
 * @param label the label's name where the path has one, empty elsewhere
 * @param departure tells when nobody waits for the answer any more
 */
public record ApiRequest(String label, Parameters parameters, Departure departure) {}

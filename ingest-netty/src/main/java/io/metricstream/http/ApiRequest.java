package io.metricstream.http;

/**
 * What is asked.
 *
 * @param label the label's name where the path has one, empty elsewhere
 */
public record ApiRequest(String label, Parameters parameters) {}

package io.metricstream.rules;

import io.metricstream.model.Labels;

/** A sample that a rule writes. */
public record RuleSample(Labels labels, long timestampMillis, double value) {}

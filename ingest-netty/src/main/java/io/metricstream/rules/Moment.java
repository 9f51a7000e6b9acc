package io.metricstream.rules;

/**
 * When a rule is evaluated.
 *
 * @param atMillis the time of the evaluation
 * @param queryMillis the time of which the expression is asked and samples are written, earlier by the group's offset
 * @param deadlineNanos until when writes that are refused are tried again
 */
record Moment(long atMillis, long queryMillis, long deadlineNanos) {}

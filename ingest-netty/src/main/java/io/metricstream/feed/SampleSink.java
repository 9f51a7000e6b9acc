package io.metricstream.feed;

import io.metricstream.model.Series;

/** Takes the samples of lines. */
interface SampleSink {
    /** Takes one sample; samples of one line and series come with the same object. */
    void onSample(Series series, long timestampMillis, double value) throws FeedException, InterruptedException;
}

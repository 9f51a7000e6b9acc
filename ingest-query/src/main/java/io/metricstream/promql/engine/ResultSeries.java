package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.own.Transferred;

/** One series of a result with its points, in order of time. Immutable. */
public final class ResultSeries {
    private final Labels labels;
    private final long[] timesMillis;
    private final double[] values;

    /** Points with ascending times. */
    public ResultSeries(Labels labels, @Transferred long[] timesMillis, @Transferred double[] values) {
        this.labels = labels;
        this.timesMillis = timesMillis;
        this.values = values;
    }

    public Labels labels() {
        return labels;
    }

    /** How many points there are; one in an instant vector. */
    public int size() {
        return values.length;
    }

    public long timeMillis(int point) {
        return timesMillis[point];
    }

    public double value(int point) {
        return values[point];
    }
}

package io.metricstream.promql.engine;

import io.metricstream.promql.parse.ValueType;
import java.util.List;

/**
 * What a query came to.
 *
 * @param type of a range query always a matrix
 * @param timeMillis the time of a single moment
 * @param series of a scalar, one without labels and with one point; of a string, none
 * @param text the string
 */
public record QueryResult(
        ValueType type,
        long timeMillis,
        List<ResultSeries> series,
        String text,
        List<String> warnings,
        List<String> infos,
        QueryStats stats) {
    public QueryResult {
        series = List.copyOf(series);
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }
}

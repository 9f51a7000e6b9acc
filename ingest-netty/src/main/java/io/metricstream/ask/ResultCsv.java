package io.metricstream.ask;

import io.metricstream.model.Labels;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.promql.parse.ValueType;
import io.metricstream.promql.text.GoNumber;
import io.metricstream.promql.text.GoText;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;

/** A result as CSV, a row for each point; the columns are those of {@code metricstream export} without the type. Stateless. */
public final class ResultCsv {
    private static final CsvSchema COLUMNS = CsvSchema.builder()
            .addColumn("timestamp")
            .addColumn("name")
            .addColumn("value")
            .addColumn("tags")
            .build()
            .withHeader();
    private static final CsvMapper CSV =
            CsvMapper.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    private static final JsonMapper JSON = JsonMapper.shared();

    private ResultCsv() {}

    /** Writes a line with the columns' names, and the rows. */
    public static void write(QueryResult result, PrintWriter out) {
        try (SequenceWriter rows = CSV.writer(COLUMNS).writeValues(out)) {
            if (result.type() == ValueType.STRING) {
                rows.write(row(result.timeMillis(), Labels.EMPTY, GoText.toUtf8(result.text())));
            }
            for (ResultSeries series : result.series()) {
                for (int point = 0; point < series.size(); point++) {
                    rows.write(row(series.timeMillis(point), series.labels(), GoNumber.value(series.value(point))));
                }
            }
        }
    }

    private static String[] row(long timeMillis, Labels labels, String value) {
        Map<String, String> tags = new TreeMap<>();
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.name(i).equals(Labels.NAME)) {
                tags.put(labels.name(i), GoText.toUtf8(labels.value(i)));
            }
        }
        return new String[] {
            Shown.time(timeMillis), GoText.toUtf8(labels.get(Labels.NAME)), value, JSON.writeValueAsString(tags)
        };
    }
}

package io.metricstream.ask;

import io.metricstream.promql.engine.QueryResult;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.promql.text.GoNumber;
import io.metricstream.promql.text.GoText;
import java.io.PrintWriter;
import java.util.List;

/**
 * A result for people: of a moment a line for each series, of a range a line for each point below the name of its series. Nothing
 * in names or texts can steer a terminal. Stateless.
 */
public final class ResultTable {
    private static final String HEAD = "VALUE";

    private ResultTable() {}

    /** Writes the table. */
    public static void write(QueryResult result, PrintWriter out) {
        switch (result.type()) {
            case STRING -> out.print(GoText.quote(result.text()) + "\n");
            case SCALAR -> out.print(GoNumber.value(result.series().get(0).value(0)) + "\n");
            case VECTOR -> writeMoment(result.series(), out);
            case MATRIX -> writeRange(result.series(), out);
        }
    }

    private static void writeMoment(List<ResultSeries> all, PrintWriter out) {
        int width = all.stream()
                .mapToInt(series -> GoNumber.value(series.value(0)).length())
                .reduce(HEAD.length(), Math::max);
        out.print(all.isEmpty() ? "" : padded(HEAD, width) + "  SERIES\n");
        for (ResultSeries series : all) {
            out.print(padded(GoNumber.value(series.value(0)), width) + "  " + Shown.series(series.labels()) + "\n");
        }
    }

    private static void writeRange(List<ResultSeries> all, PrintWriter out) {
        for (ResultSeries series : all) {
            out.print((series == all.get(0) ? "" : "\n") + Shown.series(series.labels()) + "\n");
            for (int point = 0; point < series.size(); point++) {
                out.print("  " + Shown.time(series.timeMillis(point)) + "  " + GoNumber.value(series.value(point))
                        + "\n");
            }
        }
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}

package io.metricstream.ask;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.promql.text.GoNumber;
import java.io.PrintWriter;
import java.util.List;

/**
 * The series of a range drawn as lines in a terminal, with a legend. A line is broken where a step has no value; values that are
 * not finite are not drawn.
 */
@OwnedBy(Role.MAIN)
public final class ResultChart {
    private static final int ROWS = 16;
    private static final int MOST_IN_LEGEND = 20;
    private static final int LEAST_COLUMNS = 20;
    private static final int SIGNIFICANT = 4;
    private static final int ROWS_A_LABEL = 5;

    private final QueryRequest asked;
    private final List<ResultSeries> all;
    private final boolean colored;
    private final int totalColumns;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;

    private ResultChart(QueryRequest asked, List<ResultSeries> all, int totalColumns, boolean colored) {
        this.asked = asked;
        this.all = all;
        this.totalColumns = totalColumns;
        this.colored = colored;
    }

    /**
     * Draws what a query over a range came to.
     *
     * @param columns how wide the terminal is
     * @param colored whether it has colours
     */
    public static void write(
            QueryRequest asked, List<ResultSeries> series, int columns, boolean colored, PrintWriter out) {
        new ResultChart(asked, series, columns, colored).write(out);
    }

    private void write(PrintWriter out) {
        findRange();
        if (most < least) {
            return;
        }
        String[] labels = new String[ROWS];
        int labelWidth = 0;
        for (int row = 0; row < ROWS; row++) {
            labels[row] = row % ROWS_A_LABEL == 0 ? label(atRow(row)) : "";
            labelWidth = Math.max(labelWidth, labels[row].length());
        }
        var canvas = new BrailleCanvas(Math.max(LEAST_COLUMNS, totalColumns - labelWidth - 2), ROWS);
        for (int i = 0; i < all.size(); i++) {
            draw(all.get(i), i, canvas);
        }
        for (int row = 0; row < ROWS; row++) {
            String label = " ".repeat(labelWidth - labels[row].length()) + labels[row];
            out.print(label + " │" + canvas.row(row, colored).stripTrailing() + "\n");
        }
        String from = Shown.roundTime(asked.startMillis());
        String to = Shown.roundTime(asked.endMillis());
        int columns = canvas.width() / BrailleCanvas.ACROSS;
        out.print(" ".repeat(labelWidth) + " └" + "─".repeat(columns) + "\n");
        out.print(" ".repeat(labelWidth + 2) + from + " ".repeat(Math.max(1, columns - from.length() - to.length()))
                + to + "\n");
        writeLegend(out);
    }

    private void findRange() {
        for (ResultSeries series : all) {
            for (int point = 0; point < series.size(); point++) {
                if (Double.isFinite(series.value(point))) {
                    least = Math.min(least, series.value(point));
                    most = Math.max(most, series.value(point));
                }
            }
        }
        if (least == most) {
            double room = most == 0 ? 1 : Math.abs(most) / 2;
            least -= room;
            most += room;
        }
    }

    private double atRow(int row) {
        double part = (double) row / (ROWS - 1);
        return most * (1 - part) + least * part;
    }

    private static String label(double value) {
        return GoNumber.general(value, SIGNIFICANT);
    }

    private void draw(ResultSeries series, int color, BrailleCanvas canvas) {
        int before = -1;
        for (int point = 0; point < series.size(); point++) {
            if (!Double.isFinite(series.value(point)) || !isAsked(series.timeMillis(point))) {
                before = -1;
                continue;
            }
            int x = x(series, point, canvas);
            int y = y(series, point, canvas);
            boolean joined = before >= 0 && series.timeMillis(point) - series.timeMillis(before) <= asked.stepMillis();
            if (joined) {
                canvas.line(x(series, before, canvas), y(series, before, canvas), x, y, color);
            } else {
                canvas.dot(x, y, color);
            }
            before = point;
        }
    }

    /** Some servers begin before they were asked to, at a whole step. */
    private boolean isAsked(long timeMillis) {
        return timeMillis >= asked.startMillis() && timeMillis <= asked.endMillis();
    }

    private int x(ResultSeries series, int point, BrailleCanvas canvas) {
        double length = Math.max(1, asked.endMillis() - asked.startMillis());
        return (int) Math.round((series.timeMillis(point) - asked.startMillis()) / length * (canvas.width() - 1));
    }

    /** Halved before they are taken apart: the largest and the smallest double may both be there. */
    private int y(ResultSeries series, int point, BrailleCanvas canvas) {
        double part = (most / 2 - series.value(point) / 2) / (most / 2 - least / 2);
        return (int) Math.round(part * (canvas.height() - 1));
    }

    private void writeLegend(PrintWriter out) {
        for (int i = 0; i < Math.min(all.size(), MOST_IN_LEGEND); i++) {
            ResultSeries series = all.get(i);
            String mark = colored ? TerminalColor.of(i, "──") : "──";
            out.print(mark + " " + Shown.series(series.labels()) + "  " + extent(series) + "\n");
        }
        if (all.size() > MOST_IN_LEGEND) {
            out.print("and " + (all.size() - MOST_IN_LEGEND) + " more\n");
        }
    }

    private static String extent(ResultSeries series) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int point = 0; point < series.size(); point++) {
            min = Math.min(min, series.value(point));
            max = Math.max(max, series.value(point));
        }
        return "min " + label(min) + ", max " + label(max) + ", last " + label(series.value(series.size() - 1));
    }
}

package io.metricstream.api;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.promql.text.GoNumber;
import tools.jackson.core.JsonGenerator;

/** The points of series, as an answer has them; nothing is made anew for a point, nor for a series. */
@OwnedBy(Role.QUERY)
final class PointsText {
    private static final int MILLIS = 1000;
    /** They are handed on in portions of about so many characters. */
    private static final int PORTION = 4000;
    /** A time and a value take fewer. */
    private static final int LONGEST_POINT = 400;

    private final JsonGenerator json;
    private final StringBuilder text = new StringBuilder(PORTION + LONGEST_POINT);
    private final char[] portion = new char[PORTION + LONGEST_POINT];

    PointsText(JsonGenerator json) {
        this.json = json;
    }

    /** Writes the first point of a series, as a value. */
    void writeFirst(ResultSeries series) {
        json.writeRawValue(append(series, 0).toString());
        text.setLength(0);
    }

    /** Writes all points of a series, as an array. */
    void writeAll(ResultSeries series) {
        json.writeRawValue("[");
        for (int point = 0; point < series.size(); point++) {
            if (point > 0) {
                text.append(',');
            }
            if (append(series, point).length() > PORTION) {
                handOn();
            }
        }
        text.append(']');
        handOn();
    }

    private void handOn() {
        int length = text.length();
        text.getChars(0, length, portion, 0);
        json.writeRaw(portion, 0, length);
        text.setLength(0);
    }

    /** As JSON: neither part has anything to be escaped. */
    private StringBuilder append(ResultSeries series, int point) {
        text.append('[');
        appendSeconds(series.timeMillis(point));
        text.append(",\"");
        return GoNumber.appendValue(text, series.value(point)).append("\"]");
    }

    /** {@code 1.010}, and {@code 1} where it is whole. */
    private void appendSeconds(long millis) {
        if (millis < 0) {
            text.append('-');
        }
        text.append(Math.abs(millis / MILLIS));
        long part = Math.abs(millis % MILLIS);
        if (part != 0) {
            text.append('.').append(part / 100).append(part / 10 % 10).append(part % 10);
        }
    }
}

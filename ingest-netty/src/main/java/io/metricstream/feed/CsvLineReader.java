package io.metricstream.feed;

import io.metricstream.model.Series;
import io.metricstream.model.SpecialValues;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

/** Lines of CSV as {@code metricstream export} writes them: {@code timestamp,name,value,type,tags} after a header line. */
@OwnedBy(Role.MAIN)
final class CsvLineReader implements LineReader {
    private static final String HEADER = "timestamp,name,value,type,tags";
    private static final int COLUMNS = 5;

    private final ObjectReader fields =
            new CsvMapper().readerForListOf(String.class).with(CsvReadFeature.WRAP_AS_ARRAY);
    private final JsonLineReader json = new JsonLineReader(0);
    private boolean headed;

    @Override
    public void pass(String line) {
        headed = true;
    }

    @Override
    public void read(String line, SampleSink sink) throws BadLineException, FeedException, InterruptedException {
        if (!headed) {
            if (!line.equals(HEADER)) {
                throw BadLineException.found("the first line", Texts.shown(line), HEADER);
            }
            headed = true;
            return;
        }
        List<String> row = row(line);
        if (row.size() != COLUMNS) {
            throw BadLineException.found("the line", row.size() + " columns", COLUMNS + ": " + HEADER);
        }
        long timeMillis = Texts.time("timestamp", row.get(0));
        double value = value(row.get(2));
        if (row.get(1).isEmpty()) {
            throw BadLineException.found("name", "nothing", "at least one character");
        }
        var series = new Series(Texts.type("type", row.get(3)), row.get(1), json.strings("tags", row.get(4)));
        sink.onSample(series, timeMillis, value);
    }

    private List<String> row(String line) throws BadLineException {
        try {
            List<List<String>> rows = fields.<List<String>>readValues(line).readAll();
            return rows.isEmpty() ? List.of() : rows.get(0);
        } catch (JacksonException e) {
            throw new BadLineException("not CSV: " + e.getOriginalMessage());
        }
    }

    private static double value(String text) throws BadLineException {
        if (SpecialValues.isOne(text)) {
            return SpecialValues.parse(text);
        }
        double value = Texts.decimal(text);
        if (Double.isNaN(value)) {
            throw BadLineException.found("value", Texts.shown(text), "a number, NaN, +Inf or -Inf");
        }
        return value;
    }
}

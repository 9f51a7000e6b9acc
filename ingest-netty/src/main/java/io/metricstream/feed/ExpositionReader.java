package io.metricstream.feed;

import io.metricstream.model.MetricType;
import io.metricstream.model.Series;
import io.metricstream.model.SpecialValues;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lines of Prometheus' text format or of OpenMetrics. Help and units are ignored, and so are exemplars; the type of a sample
 * is that of the family which the last TYPE line names, where it is of that, and gauge elsewhere.
 *
 * <p>Limits: holds one family's name.
 */
@OwnedBy(Role.MAIN)
final class ExpositionReader implements LineReader {
    private static final double MOST_SECONDS = Long.MAX_VALUE / 1000.0;
    private static final int MILLI_DIGITS = 3;

    private final ExpositionDialect dialect;
    private final long timeOfNoneMillis;
    private String family = "";
    private MetricType familyType = MetricType.GAUGE;
    private boolean ended;

    /** @param timeOfNoneMillis the time of a sample that has none */
    ExpositionReader(ExpositionDialect dialect, long timeOfNoneMillis) {
        this.dialect = dialect;
        this.timeOfNoneMillis = timeOfNoneMillis;
    }

    @Override
    public void pass(String line) {
        try {
            if (line.stripLeading().startsWith("#")) {
                readComment(line);
            }
        } catch (BadLineException told) {
            // It was told, and passed over, when it was read.
        }
    }

    @Override
    public void read(String line, SampleSink sink) throws BadLineException, FeedException, InterruptedException {
        if (ended) {
            throw new BadLineException("found more behind # EOF, wanted nothing");
        }
        String text = line.strip();
        if (text.startsWith("#")) {
            readComment(text);
        } else if (!text.isEmpty()) {
            readSample(new ExpositionLine(text), sink);
        } else if (dialect == ExpositionDialect.OPENMETRICS) {
            throw new BadLineException("found an empty line, wanted none in OpenMetrics");
        }
    }

    @Override
    public void end() throws BadLineException {
        if (dialect == ExpositionDialect.OPENMETRICS && !ended) {
            throw new BadLineException("found the end of the file, wanted # EOF before it: some of it may be missing");
        }
    }

    private void readComment(String text) throws BadLineException {
        var in = new ExpositionLine(text);
        in.skip('#');
        String word = in.word();
        if (dialect == ExpositionDialect.OPENMETRICS && word.equals("EOF")) {
            ended = true;
        } else if (word.equals("TYPE")) {
            String name = in.name("the name behind TYPE");
            String type = in.word();
            MetricType known = dialect.type(type);
            if (known == null || !in.isAtEnd()) {
                throw BadLineException.found("the type of " + name, Texts.shown(type + in.rest()), dialect.typeWords());
            }
            family = name;
            familyType = known;
        }
    }

    private void readSample(ExpositionLine in, SampleSink sink)
            throws BadLineException, FeedException, InterruptedException {
        in.readSeries();
        String value = in.word();
        double number = value(value);
        String time = in.isAtEnd() || in.isAt('#') ? "" : in.word();
        boolean exemplar = dialect == ExpositionDialect.OPENMETRICS && in.isAt('#');
        if (!in.isAtEnd() && !exemplar) {
            throw BadLineException.found("behind the time", Texts.shown(in.rest()), "the end of the line");
        }
        var series = new Series(type(in.metric()), in.metric(), in.labels());
        sink.onSample(series, time.isEmpty() ? timeOfNoneMillis : timeMillis(time), number);
    }

    private MetricType type(String name) {
        boolean of = name.startsWith(family) && dialect.isOf(familyType, name.substring(family.length()));
        return of && !family.isEmpty() ? familyType : MetricType.GAUGE;
    }

    private static double value(String text) throws BadLineException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> SpecialValues.parse("NaN");
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                double value = Texts.decimal(text);
                if (Double.isNaN(value)) {
                    throw BadLineException.found("value", Texts.shown(text), "a decimal number, NaN, +Inf or -Inf");
                }
                yield value;
            }
        };
    }

    private long timeMillis(String text) throws BadLineException {
        Long millis = dialect == ExpositionDialect.OPENMETRICS ? ofSeconds(text) : ofMillis(text);
        if (millis == null) {
            throw BadLineException.found(
                    "timestamp",
                    Texts.shown(text),
                    dialect == ExpositionDialect.OPENMETRICS
                            ? "seconds since 1970, with decimals or without"
                            : "an integer number of milliseconds since 1970");
        }
        return millis;
    }

    private static @Nullable Long ofMillis(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Digits beyond milliseconds are cut off. */
    private static @Nullable Long ofSeconds(String text) {
        double seconds = Texts.decimal(text);
        if (Double.isNaN(seconds) || Math.abs(seconds) >= MOST_SECONDS) {
            return null;
        }
        // An exponent far below zero would take BigDecimal long.
        return Math.abs(seconds) < 1e-6
                ? 0L
                : new BigDecimal(text)
                        .movePointRight(MILLI_DIGITS)
                        .setScale(0, RoundingMode.DOWN)
                        .longValue();
    }
}

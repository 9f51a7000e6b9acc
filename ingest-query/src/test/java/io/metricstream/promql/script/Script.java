package io.metricstream.promql.script;

import io.metricstream.model.Labels;
import io.metricstream.promql.text.DurationText;
import io.metricstream.promql.text.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A script of the reference's test language, read into its commands. */
public final class Script {
    private final List<String> lines;
    private final List<Command> commands = new ArrayList<>();
    private int at;

    private Script(String text) {
        this.lines = text.lines()
                .map(String::strip)
                .map(line -> line.startsWith("#") ? "" : line)
                .toList();
    }

    /** What a script does. */
    public interface Command {}

    /** Everything goes. */
    public record Clear() implements Command {}

    /** Samples come, the first at time 0. */
    public record Load(long stepMillis, List<SeriesLine> series) implements Command {}

    /** One series with its values. */
    public record SeriesLine(Labels labels, List<Value> values) {
        boolean hasHistogram() {
            return values.stream().anyMatch(Value::histogram);
        }

        /** Gives the samples, without native histograms, in order of time. */
        public void forEachSample(long stepMillis, Samples to) {
            for (int i = 0; i < values.size(); i++) {
                if (!values.get(i).gap() && !values.get(i).histogram()) {
                    to.onSample(i * stepMillis, values.get(i).number());
                }
            }
        }
    }

    /** Takes samples. */
    public interface Samples {
        void onSample(long timeMillis, double value);
    }

    /** A value, a gap, or a native histogram, which is not read further. */
    public record Value(boolean gap, boolean histogram, double number) {
        static final Value GAP = new Value(true, false, 0);
        static final Value HISTOGRAM = new Value(false, true, 0);

        static Value of(double number) {
            return new Value(false, false, number);
        }
    }

    /** A query with what is expected of it; a step of 0 is a single moment. */
    public record Eval(
            int line, String expression, long startMillis, long endMillis, long stepMillis, Expectation expected)
            implements Command {
        boolean isRange() {
            return stepMillis > 0;
        }
    }

    public static List<Command> parse(String text) {
        var script = new Script(text);
        while (script.at < script.lines.size()) {
            script.command();
        }
        return script.commands;
    }

    private void command() {
        int number = at + 1;
        String line = lines.get(at++);
        if (line.isEmpty()) {
            return;
        }
        String[] words = line.split("\\s+", 2);
        String word = words[0].toLowerCase(Locale.ROOT);
        if (word.equals("clear")) {
            commands.add(new Clear());
        } else if (word.startsWith("load")) {
            commands.add(load(DurationText.parseMillis(words[1].strip())));
        } else if (word.startsWith("eval")) {
            commands.add(eval(number, word, words[1]));
        } else {
            throw new IllegalArgumentException("line " + number + ": " + line);
        }
    }

    private Load load(long step) {
        var series = new ArrayList<SeriesLine>();
        while (at < lines.size() && !lines.get(at).isEmpty()) {
            String line = lines.get(at++);
            if (!line.matches("(?:[^{]*\\{.*}|[\\w:]+)@st\\s.*")) {
                series.add(SeriesLines.parse(line));
            }
        }
        return new Load(step, series);
    }

    private Eval eval(int number, String word, String rest) {
        String[] parts = rest.split("\\s+", 2);
        var expected = new Expectation();
        if (word.startsWith("eval_")) {
            expected.old(word.substring("eval_".length()));
        }
        if (parts[0].equals("instant")) {
            String[] instant = parts[1].split("\\s+", 3);
            long time = signedMillis(instant[1]);
            readExpectation(expected);
            return new Eval(number, instant[2], time, time, 0, expected);
        }
        String[] range = parts[1].split("\\s+", 7);
        readExpectation(expected);
        return new Eval(
                number, range[6], signedMillis(range[1]), signedMillis(range[3]), signedMillis(range[5]), expected);
    }

    static long signedMillis(String text) {
        if (text.startsWith("-")) {
            return -signedMillis(text.substring(1));
        }
        try {
            return DurationText.parseMillis(text);
        } catch (IllegalArgumentException number) {
            return Math.round(Double.parseDouble(text) * 1000);
        }
    }

    private void readExpectation(Expectation expected) {
        while (at < lines.size() && !lines.get(at).isEmpty()) {
            String line = lines.get(at++);
            if (line.startsWith("expect string")) {
                expected.string =
                        GoText.unquote(line.substring("expect string".length()).strip());
            } else if (line.startsWith("expect range vector")) {
                String[] words = line.split("\\s+", -1);
                expected.vectorStartMillis = signedMillis(words[4]);
                expected.vectorStepMillis = signedMillis(words[8]);
            } else if (line.startsWith("expect ") || line.startsWith("expected_fail")) {
                expected.read(line);
            } else if (SeriesLines.isNumber(line)) {
                expected.scalar = SeriesLines.number(line);
                return;
            } else {
                expected.series.add(SeriesLines.parse(line));
            }
        }
    }
}

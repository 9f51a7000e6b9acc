package io.metricstream.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.metricstream.model.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What a reader makes of lines: each sample as {@code name{tags} type value@time}. */
final class Lines {
    static final long NOW = 1_763_900_000_000L;

    private Lines() {}

    private record Sink(List<String> samples) implements SampleSink {
        @Override
        public void onSample(Series series, long timestampMillis, double value) {
            String bits = Double.isNaN(value) ? ":" + Long.toHexString(Double.doubleToRawLongBits(value)) : "";
            samples.add(series.name() + new TreeMap<>(series.tags()) + " "
                    + series.type().text() + " " + value + bits + "@"
                    + (timestampMillis == NOW ? "now" : timestampMillis));
        }
    }

    static List<String> read(LineReader reader, String text) throws Exception {
        List<String> samples = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            reader.read(line, new Sink(samples));
        }
        return samples;
    }

    /** A line that is refused with this message, twice, and gives no sample. */
    static void refuses(LineReader reader, String line, String message) {
        for (int twice = 0; twice < 2; twice++) {
            List<String> samples = new ArrayList<>();
            BadLineException bad =
                    catchThrowableOfType(BadLineException.class, () -> reader.read(line, new Sink(samples)));
            assertThat(bad).as(line).isNotNull().hasMessageContaining(message);
            assertThat(samples).as(line).isEmpty();
        }
    }
}

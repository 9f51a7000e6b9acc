package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.Labels;
import io.metricstream.select.Cancellation;
import io.metricstream.select.CancelledException;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.RealDisk;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading that nobody waits for any more ends at the next series or value, in memory and in parts. */
final class CancellationTest {
    private static final int HOSTS = 100;

    @TempDir
    private Path folder;

    private interface Reading {
        Object of(Selection selection) throws Exception;
    }

    private static void ends(Matcher matcher, Reading reading) throws Exception {
        var cancellation = new Cancellation();
        var selection = new Selection(List.of(matcher), Long.MIN_VALUE, Long.MAX_VALUE, cancellation);
        assertThat(reading.of(selection)).isNotNull();
        cancellation.cancel();
        assertThatThrownBy(() -> reading.of(selection)).isInstanceOf(CancelledException.class);
    }

    private static void endsEverywhere(StoredLife life) throws Exception {
        Matcher many = new Matcher("host", MatchOp.REGEX, "h.*1");
        Store store = life.store;
        ends(many, selection -> store.labelValues("host", selection, HOSTS));
        ends(many, selection -> store.labelNames(selection, HOSTS));
        ends(many, selection -> store.types(selection, HOSTS));
        ends(new Matcher("host", MatchOp.NOT_REGEX, "x.*"), selection -> {
            try (SeriesCursor series = store.select(selection)) {
                return series.next() ? series.labels() : Labels.EMPTY;
            }
        });
        var cancellation = new Cancellation();
        try (SeriesCursor series =
                store.select(new Selection(List.of(), Long.MIN_VALUE, Long.MAX_VALUE, cancellation))) {
            assertThat(series.next()).isTrue();
            cancellation.cancel();
            assertThatThrownBy(series::next).isInstanceOf(CancelledException.class);
        }
        assertThat(StoredLife.read(store)).as("what comes after it").hasSize(HOSTS);
    }

    @Test
    void endsAtTheNextSeriesOrValue() throws Exception {
        var life = new StoredLife(new RealDisk(), folder);
        Map<StoredLife.Sample, Double> samples = new HashMap<>();
        for (int i = 0; i < HOSTS; i++) {
            samples.put(new StoredLife.Sample("h" + i, StoredLife.NOW), 1.0);
        }
        life.write(samples);
        endsEverywhere(life);
        life.flush();
        endsEverywhere(life);
        life.kill();
    }
}

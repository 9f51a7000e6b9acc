package io.metricstream.promql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.Labels;
import io.metricstream.promql.script.ScriptStore;
import io.metricstream.select.Cancellation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code sort_by_label} and {@code sort_by_label_desc} with several labels, missing and equal ones; the order within a label is
 * {@code NaturalOrderTest}'s. What is expected was worked out by hand from {@code funcSortByLabel} of the reference: the first label
 * that differs decides; where all that are named are equal, all labels do; {@code _desc} is the same backwards.
 */
final class SortByLabelTest {
    @TempDir
    private Path folder;

    private List<String> sorted(ScriptStore store, String query) throws Exception {
        var engine = new QueryEngine(
                new QueryLimits(1 << 20, 1 << 20, Duration.ofSeconds(10), Duration.ofMinutes(5)), () -> 0);
        return engine.run(QueryRequest.instant(query, 0), store.queryable(), new Cancellation()).series().stream()
                .map(series -> series.labels().get("id"))
                .toList();
    }

    @Test
    void ordersByTheFirstLabelThatDiffers() throws Exception {
        try (var store = new ScriptStore(folder)) {
            append(store, "a", "cpu", "10", "host", "h2");
            append(store, "b", "cpu", "9", "host", "h2");
            append(store, "c", "cpu", "9", "host", "h10");
            append(store, "d", "host", "h10");
            append(store, "e", "cpu", "09", "host", "h1");
            append(store, "f", "cpu", "9", "host", "h10");
            assertThat(sorted(store, "sort_by_label(m, 'cpu', 'host')")).containsExactly("d", "e", "b", "c", "f", "a");
            assertThat(sorted(store, "sort_by_label_desc(m, 'cpu', 'host')"))
                    .containsExactly("a", "f", "c", "b", "e", "d");
            assertThat(sorted(store, "sort_by_label(m, 'host', 'cpu')")).containsExactly("e", "b", "a", "d", "c", "f");
            // All have the same of what is named, or lack it: by all labels, of which "cpu" comes first, as texts.
            assertThat(sorted(store, "sort_by_label(m, '__name__')")).containsExactly("e", "a", "c", "f", "b", "d");
            assertThat(sorted(store, "sort_by_label_desc(m, 'x')")).containsExactly("d", "b", "f", "c", "a", "e");
        }
    }

    private static void append(ScriptStore store, String id, String... labels) throws Exception {
        String[] all = new String[labels.length + 4];
        System.arraycopy(new String[] {Labels.NAME, "m", "id", id}, 0, all, 0, 4);
        System.arraycopy(labels, 0, all, 4, labels.length);
        store.append(Labels.of(all), new long[1], new double[1]);
    }
}

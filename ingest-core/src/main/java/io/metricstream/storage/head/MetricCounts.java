package io.metricstream.storage.head;

import io.metricstream.model.SeriesKeyReader;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** How many series each metric's name has. Thread: whoever adds series. Limits: an entry for each name. */
@OwnedBy(Role.DISK_WRITER)
final class MetricCounts {
    private final int max;
    private final SeriesKeyReader reader = new SeriesKeyReader();
    private final Map<String, Integer> counts = new HashMap<>();

    MetricCounts(int max) {
        this.max = max;
    }

    /** Whether the metric of this key may have so many series more. */
    boolean hasRoomFor(@Borrowed byte[] key, int offset, int more) {
        return counts.getOrDefault(name(key, offset), 0) + more <= max;
    }

    void add(@Borrowed byte[] key, int offset) {
        counts.merge(name(key, offset), 1, Integer::sum);
    }

    /** Whether there is a metric that has as many as it may have. */
    boolean isAnyFull() {
        return counts.values().stream().anyMatch(count -> count >= max);
    }

    private String name(byte[] key, int offset) {
        reader.open(key, offset);
        return new String(key, reader.valueAt(), reader.valueLength(), StandardCharsets.UTF_8);
    }
}

package io.metricstream.feed;

import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.DurableFiles;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Remembers which lines of which files the server has acknowledged, and when the first run began.
 *
 * <p>Owns: its file, which is replaced as a whole at most once a second; without one it remembers nothing. A place that
 * was not written out any more makes the next run send some lines again, which changes nothing.
 */
@OwnedBy(Role.MAIN)
final class Bookmark {
    private static final int MOST_BYTES = 1 << 20;
    private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Disk disk = new RealDisk();
    private final @Nullable Path path;
    private final NanoClock clock;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private long startedMillis;
    private boolean changed;
    private long savedNanos;

    /**
     * All lines up to this one are done with.
     *
     * @param bytes where it ends in the unpacked lines, by which another file under the same name is noticed
     */
    record Place(long line, long bytes) {
        static final Place START = new Place(0, 0);
    }

    private Bookmark(@Nullable Path path, NanoClock clock, long startedMillis) {
        this.path = path;
        this.clock = clock;
        this.startedMillis = startedMillis;
        this.savedNanos = clock.nanos();
    }

    /** Opens the file, or begins one where there is none. */
    static Bookmark open(@Nullable Path path, NanoClock clock, long nowMillis) throws FeedException {
        var bookmark = new Bookmark(path, clock, nowMillis);
        try {
            if (path != null && bookmark.disk.exists(path)) {
                bookmark.read(path);
            }
        } catch (StorageFailure e) {
            throw new FeedException(String.valueOf(e.getMessage()));
        }
        return bookmark;
    }

    /** When the first run began, which is the time of samples that have none. */
    long startedMillis() {
        return startedMillis;
    }

    Place place(String file) {
        return places.getOrDefault(file, Place.START);
    }

    void put(String file, Place place) throws FeedException {
        places.put(file, place);
        changed = true;
        if (clock.nanos() - savedNanos >= SAVE_NANOS) {
            save();
        }
    }

    /** Makes durable what was put. */
    void save() throws FeedException {
        Path to = path;
        if (to == null || !changed) {
            return;
        }
        ObjectNode all = JSON.createObjectNode();
        all.put("started_millis", startedMillis);
        ObjectNode files = all.putObject("files");
        places.forEach(
                (file, place) -> files.putObject(file).put("line", place.line()).put("bytes", place.bytes()));
        try {
            DurableFiles.write(disk, to, ByteBuffer.wrap((all + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (StorageFailure e) {
            throw new FeedException(String.valueOf(e.getMessage()));
        }
        changed = false;
        savedNanos = clock.nanos();
    }

    private void read(Path from) throws FeedException, StorageFailure {
        ByteBuffer bytes = DurableFiles.read(disk, from, MOST_BYTES);
        JsonNode all;
        try {
            all = JSON.readTree(StandardCharsets.UTF_8.decode(bytes).toString());
        } catch (JacksonException e) {
            all = JSON.nullNode();
        }
        if (!all.path("started_millis").isIntegralNumber() || !all.path("files").isObject()) {
            throw new FeedException(from + ": found something else, wanted what an import has remembered there");
        }
        startedMillis = all.path("started_millis").longValue();
        for (Map.Entry<String, JsonNode> file : all.path("files").properties()) {
            JsonNode place = file.getValue();
            places.put(
                    file.getKey(),
                    new Place(place.path("line").asLong(0), place.path("bytes").asLong(0)));
        }
    }
}

package io.metricstream.storage.store;

import io.metricstream.own.ThreadSafe;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.part.PartDamage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts of which something could not be read, from the first reader that met it until the compactor has dealt with them.
 *
 * <p>Thread: any reader reports; the compactor takes.
 */
@ThreadSafe("a concurrent map")
final class DamagedParts {
    private static final Logger LOG = LoggerFactory.getLogger(DamagedParts.class);

    private final boolean skips;
    private final StoreStats stats;
    private final Runnable onFirst;
    /** With the time before which not to try again, in ms since 1970. */
    private final Map<LivePart, Long> parts = new ConcurrentHashMap<>();

    /**
     * With no part damaged.
     *
     * @param skips whether questions go on without what is damaged
     * @param onFirst called when a part has turned out to be damaged
     */
    DamagedParts(boolean skips, StoreStats stats, Runnable onFirst) {
        this.skips = skips;
        this.stats = stats;
        this.onFirst = onFirst;
    }

    /** What a question does about damage of this part; it is told what it has to go without. */
    PartDamage of(LivePart part, Consumer<String> warnings) {
        return new Reporting(part, skips, warnings);
    }

    /** What merging does about it: nothing good of a damaged part may get lost, so it fails. */
    PartDamage ofMerge(LivePart part) {
        return new Reporting(part, false, warning -> {});
    }

    boolean contains(LivePart part) {
        return parts.containsKey(part);
    }

    /** A part to deal with now; null where there is none. */
    @Nullable
    LivePart due(long nowMillis) {
        for (Map.Entry<LivePart, Long> part : parts.entrySet()) {
            if (part.getValue() <= nowMillis) {
                return part.getKey();
            }
        }
        return null;
    }

    void postpone(LivePart part, long untilMillis) {
        parts.replace(part, untilMillis);
    }

    /** The part is not read any more. */
    void remove(LivePart part) {
        parts.remove(part);
    }

    private void report(LivePart part, StorageFailure.Corrupt damage) {
        if (parts.putIfAbsent(part, Long.MIN_VALUE) == null) {
            LOG.error("a part is damaged: {}", damage.getMessage());
            stats.onDamage();
            onFirst.run();
        }
    }

    private final class Reporting implements PartDamage {
        private final LivePart part;
        private final boolean passesOver;
        private final Consumer<String> warnings;

        Reporting(LivePart part, boolean passesOver, Consumer<String> warnings) {
            this.part = part;
            this.passesOver = passesOver;
            this.warnings = warnings;
        }

        @Override
        public void onDamage(StorageFailure.Corrupt damage) {
            report(part, damage);
            if (passesOver) {
                LOG.warn("a question is answered without what is damaged: {}", damage.getMessage());
                stats.onSkipped();
                warnings.accept(String.valueOf(damage.getMessage()));
            }
        }

        @Override
        public boolean passesOver() {
            return passesOver;
        }
    }
}

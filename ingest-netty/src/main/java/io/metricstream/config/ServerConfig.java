package io.metricstream.config;

import static io.metricstream.config.ConfigKeys.AUTH_FILE;
import static io.metricstream.config.ConfigKeys.AUTH_MODE;
import static io.metricstream.config.ConfigKeys.DURABILITY;
import static io.metricstream.config.ConfigKeys.JSONL_KEEP;
import static io.metricstream.config.ConfigKeys.JSONL_PATH;
import static io.metricstream.config.ConfigKeys.JSONL_ROTATE_BYTES;
import static io.metricstream.config.ConfigKeys.LOG_FORMAT;
import static io.metricstream.config.ConfigKeys.LOG_LEVEL;
import static io.metricstream.config.ConfigKeys.RATE_LIMIT_BYTES;
import static io.metricstream.config.ConfigKeys.RATE_LIMIT_IDLE_AFTER;
import static io.metricstream.config.ConfigKeys.RATE_LIMIT_MAX_CLIENTS;
import static io.metricstream.config.ConfigKeys.RATE_LIMIT_REQUESTS;
import static io.metricstream.config.ConfigKeys.RATE_LIMIT_SAMPLES;
import static io.metricstream.config.ConfigKeys.RING_MAX_BYTES;
import static io.metricstream.config.ConfigKeys.RING_SLOTS;
import static io.metricstream.config.ConfigKeys.RING_STALL_AFTER;
import static io.metricstream.config.ConfigKeys.SHUTDOWN_DELAY;
import static io.metricstream.config.ConfigKeys.SHUTDOWN_TIMEOUT;
import static io.metricstream.config.ConfigKeys.WAL_SEGMENT;

import io.metricstream.export.JsonLinesConfig;
import io.metricstream.limit.RateLimits;
import io.metricstream.limit.RegistryConfig;
import io.metricstream.ring.RingConfig;
import io.metricstream.storage.wal.WalConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole configuration: a record for each room, and the settings they were made from.
 *
 * @param settings every value by its key
 */
public record ServerConfig(
        Settings settings,
        RingConfig ring,
        WalConfig wal,
        RateLimits rateLimits,
        RegistryConfig clients,
        AuthConfig auth,
        JsonLinesConfig jsonLines,
        ShutdownConfig shutdown,
        LogConfig log) {

    /** Fails with every record's complaint about how its settings go together. */
    public static ServerConfig of(Settings settings) throws ConfigException {
        List<String> problems = new ArrayList<>();
        for (Runnable room : rooms(settings)) {
            try {
                room.run();
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new ServerConfig(
                settings,
                ring(settings),
                wal(settings),
                rateLimits(settings),
                clients(settings),
                auth(settings),
                jsonLines(settings),
                shutdown(settings),
                log(settings));
    }

    private static List<Runnable> rooms(Settings s) {
        return List.of(
                () -> ring(s),
                () -> wal(s),
                () -> rateLimits(s),
                () -> clients(s),
                () -> auth(s),
                () -> jsonLines(s),
                () -> shutdown(s),
                () -> log(s));
    }

    private static RingConfig ring(Settings s) {
        return new RingConfig(s.get(RING_SLOTS), s.get(RING_MAX_BYTES), s.get(RING_STALL_AFTER));
    }

    private static WalConfig wal(Settings s) {
        return new WalConfig(s.get(DURABILITY), s.get(WAL_SEGMENT));
    }

    private static RateLimits rateLimits(Settings s) {
        return new RateLimits(s.get(RATE_LIMIT_REQUESTS), s.get(RATE_LIMIT_SAMPLES), s.get(RATE_LIMIT_BYTES));
    }

    private static RegistryConfig clients(Settings s) {
        return new RegistryConfig(s.get(RATE_LIMIT_MAX_CLIENTS), s.get(RATE_LIMIT_IDLE_AFTER));
    }

    private static AuthConfig auth(Settings s) {
        return new AuthConfig(s.get(AUTH_MODE), s.get(AUTH_FILE));
    }

    private static JsonLinesConfig jsonLines(Settings s) {
        return new JsonLinesConfig(s.get(JSONL_PATH), s.get(JSONL_ROTATE_BYTES), s.get(JSONL_KEEP));
    }

    private static ShutdownConfig shutdown(Settings s) {
        return new ShutdownConfig(s.get(SHUTDOWN_DELAY), s.get(SHUTDOWN_TIMEOUT));
    }

    private static LogConfig log(Settings s) {
        return new LogConfig(s.get(LOG_FORMAT), s.get(LOG_LEVEL));
    }
}

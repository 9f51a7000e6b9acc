package io.metricstream.config;

import static io.metricstream.config.ConfigKeys.AUTH_FILE;
import static io.metricstream.config.ConfigKeys.AUTH_MODE;
import static io.metricstream.config.ConfigKeys.DATA_DIR;
import static io.metricstream.config.ConfigKeys.DISK_RESERVE;
import static io.metricstream.config.ConfigKeys.DURABILITY;
import static io.metricstream.config.ConfigKeys.HEAD_MAX_AGE;
import static io.metricstream.config.ConfigKeys.HEAD_MAX_BYTES;
import static io.metricstream.config.ConfigKeys.HTTP_ANSWER_TIMEOUT;
import static io.metricstream.config.ConfigKeys.HTTP_BODY_MEMORY;
import static io.metricstream.config.ConfigKeys.HTTP_BODY_TIMEOUT;
import static io.metricstream.config.ConfigKeys.HTTP_CORS_ORIGIN;
import static io.metricstream.config.ConfigKeys.HTTP_EVENT_LOOPS;
import static io.metricstream.config.ConfigKeys.HTTP_HEADER_TIMEOUT;
import static io.metricstream.config.ConfigKeys.HTTP_HOST;
import static io.metricstream.config.ConfigKeys.HTTP_IDLE_TIMEOUT;
import static io.metricstream.config.ConfigKeys.HTTP_MAX_BODY;
import static io.metricstream.config.ConfigKeys.HTTP_MAX_CONNECTIONS;
import static io.metricstream.config.ConfigKeys.HTTP_MAX_CONNECTION_AGE;
import static io.metricstream.config.ConfigKeys.HTTP_MAX_HEADERS;
import static io.metricstream.config.ConfigKeys.HTTP_MAX_REQUEST_LINE;
import static io.metricstream.config.ConfigKeys.HTTP_PORT;
import static io.metricstream.config.ConfigKeys.JSONL_KEEP;
import static io.metricstream.config.ConfigKeys.JSONL_PATH;
import static io.metricstream.config.ConfigKeys.JSONL_ROTATE_BYTES;
import static io.metricstream.config.ConfigKeys.LIMITS_FUTURE;
import static io.metricstream.config.ConfigKeys.LIMITS_METRICS_PER_REQUEST;
import static io.metricstream.config.ConfigKeys.LIMITS_NAME;
import static io.metricstream.config.ConfigKeys.LIMITS_NEW_SERIES;
import static io.metricstream.config.ConfigKeys.LIMITS_SERIES;
import static io.metricstream.config.ConfigKeys.LIMITS_SERIES_BYTES;
import static io.metricstream.config.ConfigKeys.LIMITS_SERIES_PER_METRIC;
import static io.metricstream.config.ConfigKeys.LIMITS_TAGS;
import static io.metricstream.config.ConfigKeys.LIMITS_TAG_KEY;
import static io.metricstream.config.ConfigKeys.LIMITS_TAG_VALUE;
import static io.metricstream.config.ConfigKeys.LOG_FORMAT;
import static io.metricstream.config.ConfigKeys.LOG_LEVEL;
import static io.metricstream.config.ConfigKeys.MERGE_RATE;
import static io.metricstream.config.ConfigKeys.PARSE_MEMORY;
import static io.metricstream.config.ConfigKeys.QUERY_LOOKBACK;
import static io.metricstream.config.ConfigKeys.QUERY_MAX_CONCURRENT;
import static io.metricstream.config.ConfigKeys.QUERY_MAX_MEMORY;
import static io.metricstream.config.ConfigKeys.QUERY_MAX_SAMPLES;
import static io.metricstream.config.ConfigKeys.QUERY_MEMORY;
import static io.metricstream.config.ConfigKeys.QUERY_SKIP_DAMAGED;
import static io.metricstream.config.ConfigKeys.QUERY_TIMEOUT;
import static io.metricstream.config.ConfigKeys.RATE_LIMIT_BYTES;
import static io.metricstream.config.ConfigKeys.RATE_LIMIT_IDLE_AFTER;
import static io.metricstream.config.ConfigKeys.RATE_LIMIT_MAX_CLIENTS;
import static io.metricstream.config.ConfigKeys.RATE_LIMIT_REQUESTS;
import static io.metricstream.config.ConfigKeys.RATE_LIMIT_SAMPLES;
import static io.metricstream.config.ConfigKeys.RETENTION_SIZE;
import static io.metricstream.config.ConfigKeys.RETENTION_TIME;
import static io.metricstream.config.ConfigKeys.RING_MAX_BYTES;
import static io.metricstream.config.ConfigKeys.RING_SLOTS;
import static io.metricstream.config.ConfigKeys.RING_STALL_AFTER;
import static io.metricstream.config.ConfigKeys.RULES_ALERTMANAGERS;
import static io.metricstream.config.ConfigKeys.RULES_EVALUATION_INTERVAL;
import static io.metricstream.config.ConfigKeys.RULES_EXTERNAL_LABELS;
import static io.metricstream.config.ConfigKeys.RULES_EXTERNAL_URL;
import static io.metricstream.config.ConfigKeys.RULES_FILES;
import static io.metricstream.config.ConfigKeys.RULES_GRACE_PERIOD;
import static io.metricstream.config.ConfigKeys.RULES_OUTAGE_TOLERANCE;
import static io.metricstream.config.ConfigKeys.RULES_RESEND_DELAY;
import static io.metricstream.config.ConfigKeys.SHUTDOWN_DELAY;
import static io.metricstream.config.ConfigKeys.SHUTDOWN_TIMEOUT;
import static io.metricstream.config.ConfigKeys.WAL_SEGMENT;
import static io.metricstream.config.ConfigKeys.WARM_UP;

import io.metricstream.export.JsonLinesConfig;
import io.metricstream.http.HttpConfig;
import io.metricstream.http.HttpLimits;
import io.metricstream.http.HttpTimeouts;
import io.metricstream.limit.RateLimits;
import io.metricstream.limit.RegistryConfig;
import io.metricstream.parse.ParseLimits;
import io.metricstream.promql.engine.QueryLimits;
import io.metricstream.ring.RingConfig;
import io.metricstream.rules.RulesConfig;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.store.StoreConfig;
import io.metricstream.storage.wal.WalConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The whole configuration: a record for each room, and the settings they were made from.
 *
 * @param settings every value by its key
 */
public record ServerConfig(
        Settings settings,
        HttpConfig http,
        ParseLimits parse,
        RingConfig ring,
        StorageConfig storage,
        QueryLimits queries,
        RateLimits rateLimits,
        RegistryConfig clients,
        AuthConfig auth,
        JsonLinesConfig jsonLines,
        ShutdownConfig shutdown,
        LogConfig log) {
    /** A connection that may get older than this lives as long as it is used. */
    private static final Duration LONGEST_AGE = Duration.ofDays(36_500);

    /** Fails with every record's complaint about how its settings go together. */
    public static ServerConfig of(Settings settings) throws ConfigException {
        List<String> problems = new ArrayList<>();
        Optional<HttpConfig> http = room(() -> http(settings), problems);
        Optional<ParseLimits> parse = room(() -> parse(settings), problems);
        Optional<RingConfig> ring = room(() -> ring(settings), problems);
        Optional<WalConfig> wal = room(() -> wal(settings), problems);
        Optional<HeadConfig> head = room(() -> head(settings), problems);
        Optional<StoreConfig> store = room(() -> store(settings), problems);
        Optional<QueryLimits> queries = room(() -> queries(settings), problems);
        Optional<RateLimits> rateLimits = room(() -> rateLimits(settings), problems);
        Optional<RegistryConfig> clients = room(() -> clients(settings), problems);
        Optional<AuthConfig> auth = room(() -> auth(settings), problems);
        Optional<JsonLinesConfig> jsonLines = room(() -> jsonLines(settings), problems);
        Optional<ShutdownConfig> shutdown = room(() -> shutdown(settings), problems);
        Optional<LogConfig> log = room(() -> log(settings), problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new ServerConfig(
                settings,
                http.orElseThrow(),
                parse.orElseThrow(),
                ring.orElseThrow(),
                new StorageConfig(wal.orElseThrow(), head.orElseThrow(), store.orElseThrow()),
                queries.orElseThrow(),
                rateLimits.orElseThrow(),
                clients.orElseThrow(),
                auth.orElseThrow(),
                jsonLines.orElseThrow(),
                shutdown.orElseThrow(),
                log.orElseThrow());
    }

    /** The settings of a room; empty where it has a complaint, which is added to the others. */
    private static <T> Optional<T> room(Supplier<T> room, List<String> problems) {
        try {
            return Optional.of(room.get());
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The folder everything is stored in. */
    public Path dataFolder() {
        return settings.get(DATA_DIR);
    }

    /** How rules are found and evaluated. */
    public RulesConfig rules() {
        return rules(settings);
    }

    /** How long the code is exercised after a start. */
    public Duration warmUp() {
        return settings.get(WARM_UP);
    }

    private static HttpConfig http(Settings s) {
        int loops = s.get(HTTP_EVENT_LOOPS);
        Duration age = s.get(HTTP_MAX_CONNECTION_AGE);
        return new HttpConfig(
                s.get(HTTP_HOST),
                s.get(HTTP_PORT),
                loops,
                s.get(HTTP_MAX_CONNECTIONS),
                age.compareTo(LONGEST_AGE) > 0 ? Duration.ZERO : age,
                s.get(HTTP_BODY_MEMORY),
                s.get(PARSE_MEMORY) / loops,
                s.get(QUERY_MAX_CONCURRENT),
                s.get(HTTP_CORS_ORIGIN),
                new HttpLimits(
                        s.get(HTTP_MAX_REQUEST_LINE).intValue(),
                        s.get(HTTP_MAX_HEADERS).intValue(),
                        s.get(HTTP_MAX_BODY).intValue()),
                new HttpTimeouts(
                        s.get(HTTP_IDLE_TIMEOUT),
                        s.get(HTTP_HEADER_TIMEOUT),
                        s.get(HTTP_BODY_TIMEOUT),
                        s.get(HTTP_ANSWER_TIMEOUT)));
    }

    private static ParseLimits parse(Settings s) {
        return new ParseLimits(
                s.get(LIMITS_METRICS_PER_REQUEST),
                s.get(LIMITS_NAME),
                s.get(LIMITS_TAGS),
                s.get(LIMITS_TAG_KEY),
                s.get(LIMITS_TAG_VALUE),
                s.get(RETENTION_TIME).toMillis(),
                s.get(LIMITS_FUTURE).toMillis());
    }

    private static RingConfig ring(Settings s) {
        return new RingConfig(s.get(RING_SLOTS), s.get(RING_MAX_BYTES), s.get(RING_STALL_AFTER));
    }

    private static WalConfig wal(Settings s) {
        return new WalConfig(s.get(DURABILITY), s.get(WAL_SEGMENT), s.get(DISK_RESERVE));
    }

    private static HeadConfig head(Settings s) {
        return new HeadConfig(
                s.get(HEAD_MAX_BYTES),
                s.get(HEAD_MAX_AGE),
                new SeriesLimits(
                        s.get(LIMITS_SERIES),
                        s.get(LIMITS_SERIES_BYTES),
                        s.get(LIMITS_SERIES_PER_METRIC),
                        s.get(LIMITS_NEW_SERIES)));
    }

    private static StoreConfig store(Settings s) {
        return new StoreConfig(
                s.get(RETENTION_TIME), s.get(RETENTION_SIZE), s.get(MERGE_RATE), s.get(QUERY_SKIP_DAMAGED));
    }

    /** What one query may take. */
    public static QueryLimits queries(Settings s) {
        return new QueryLimits(
                s.get(QUERY_MAX_SAMPLES), s.get(QUERY_MAX_MEMORY), s.get(QUERY_TIMEOUT), s.get(QUERY_LOOKBACK));
    }

    /** What all queries may collect together. */
    public long queryMemoryBytes() {
        return Math.max(settings.get(QUERY_MEMORY), queries.memoryBytes());
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

    private static RulesConfig rules(Settings s) {
        return new RulesConfig(
                s.get(RULES_FILES),
                s.get(RULES_EVALUATION_INTERVAL),
                s.get(QUERY_MAX_CONCURRENT),
                s.get(RULES_ALERTMANAGERS),
                s.get(RULES_EXTERNAL_LABELS),
                s.get(RULES_EXTERNAL_URL),
                new RulesConfig.Delays(
                        s.get(RULES_RESEND_DELAY), s.get(RULES_OUTAGE_TOLERANCE), s.get(RULES_GRACE_PERIOD)));
    }

    private static ShutdownConfig shutdown(Settings s) {
        return new ShutdownConfig(s.get(SHUTDOWN_DELAY), s.get(SHUTDOWN_TIMEOUT));
    }

    private static LogConfig log(Settings s) {
        return new LogConfig(s.get(LOG_FORMAT), s.get(LOG_LEVEL));
    }
}

package io.metricstream.config;

import io.metricstream.http.HttpConfig;
import io.metricstream.limit.RateLimits;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.WalConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The one table of settings: parsing, listing, documentation and suggestions all read it. */
public final class ConfigKeys {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    public static final ConfigKey<Integer> HTTP_PORT = ConfigKey.of(
            "http.port", ValueKind.integer(0, 65_535), "8080", "The port to listen on; 0 takes any free one.");
    public static final ConfigKey<String> HTTP_HOST =
            ConfigKey.of("http.host", ValueKind.word(), "0.0.0.0", "The address to listen on.");
    public static final ConfigKey<Integer> HTTP_EVENT_LOOPS = ConfigKey.of(
            "http.event-loops",
            ValueKind.integer(1, HttpConfig.MAX_EVENT_LOOPS),
            new ConfigDefault(
                    "one for each processor but one, which is the disk writer's",
                    machine -> String.valueOf(
                            Math.max(1, Math.min(HttpConfig.MAX_EVENT_LOOPS, machine.processors() - 1)))),
            "Threads that read, parse and answer.");
    public static final ConfigKey<Integer> HTTP_MAX_CONNECTIONS = ConfigKey.of(
            "http.max-connections",
            ValueKind.integer(1, 1_000_000),
            new ConfigDefault(
                    "20000, or what the limit of open files has room for",
                    machine -> String.valueOf(Math.min(20_000, machine.maxConnections()))),
            "Connections open at once; further ones are answered 503 and closed.");
    public static final ConfigKey<Duration> HTTP_MAX_CONNECTION_AGE = ConfigKey.of(
            "http.max-connection-age",
            ValueKind.durationOrInfinite("1s"),
            "1h",
            "How old a connection gets, give or take a tenth, before an answer closes it.");
    public static final ConfigKey<Duration> HTTP_IDLE_TIMEOUT = ConfigKey.of(
            "http.idle-timeout",
            ValueKind.duration("10ms", "30d"),
            "2m",
            "How long a connection may stay without a request.");
    public static final ConfigKey<Duration> HTTP_HEADER_TIMEOUT = ConfigKey.of(
            "http.header-timeout",
            ValueKind.duration("10ms", "1d"),
            "10s",
            "How long a request's line and headers may take.");
    public static final ConfigKey<Duration> HTTP_BODY_TIMEOUT = ConfigKey.of(
            "http.body-timeout", ValueKind.duration("10ms", "1d"), "30s", "How long a request's body may take.");
    public static final ConfigKey<Duration> HTTP_ANSWER_TIMEOUT = ConfigKey.of(
            "http.answer-timeout",
            ValueKind.duration("10ms", "30d"),
            "5m",
            "How long a client may take to read an answer that comes in pieces, as an export does.");
    public static final ConfigKey<Long> HTTP_MAX_REQUEST_LINE =
            ConfigKey.of("http.max-request-line", ValueKind.size(128, MIB), "8KiB", "The longest request line.");
    public static final ConfigKey<Long> HTTP_MAX_HEADERS = ConfigKey.of(
            "http.max-headers", ValueKind.size(256, MIB), "16KiB", "The headers of a request, all together.");
    public static final ConfigKey<Long> HTTP_MAX_BODY = ConfigKey.of(
            "http.max-body", ValueKind.size(KIB, GIB), "32MiB", "The longest request body, after decompression.");
    public static final ConfigKey<Long> HTTP_BODY_MEMORY = ConfigKey.of(
            "http.body-memory",
            ValueKind.size(MIB, 1024 * GIB),
            ConfigDefault.ofHeap(1, 16, "a sixteenth", 32),
            "What all bodies being received may hold together; beyond it requests get 503.");
    public static final ConfigKey<String> HTTP_CORS_ORIGIN = ConfigKey.of(
            "http.cors-origin",
            ValueKind.regexOrNothing(),
            "",
            "Which origins' pages may read answers in a browser; all of an origin must match.");

    public static final ConfigKey<Path> DATA_DIR =
            ConfigKey.of("data.dir", ValueKind.path(), "./data", "The folder everything is stored in.");
    public static final ConfigKey<Durability> DURABILITY = ConfigKey.of(
            "durability",
            ValueKind.choice(Durability.class),
            "fsync",
            "What an answer waits for: the disk, the page cache of the system, or this process's memory alone.");
    public static final ConfigKey<Long> WAL_SEGMENT = ConfigKey.of(
            "wal.segment",
            ValueKind.size(WalConfig.MIN_SEGMENT_BYTES, WalConfig.MAX_SEGMENT_BYTES),
            "64MiB",
            "The size of one file of the write-ahead log.");
    public static final ConfigKey<Long> DISK_RESERVE = ConfigKey.of(
            "disk.reserve",
            ValueKind.size(0, 1024 * GIB),
            "64MiB",
            "What the log leaves free of the disk, for parts to be made and merged; where less is free, writes get 503.");
    public static final ConfigKey<Long> HEAD_MAX_BYTES = ConfigKey.of(
            "head.max-bytes",
            ValueKind.size(MIB, 1024 * GIB),
            ConfigDefault.ofHeap(3, 8, "three eighths", 4),
            "What samples may take in memory until they are flushed; where that takes too long, writes get 503.");
    public static final ConfigKey<Duration> HEAD_MAX_AGE = ConfigKey.of(
            "head.max-age",
            ValueKind.duration("1s", "1d"),
            "2h",
            "How long samples stay in memory at most before they are flushed.");
    public static final ConfigKey<Duration> RETENTION_TIME = ConfigKey.of(
            "retention.time",
            ValueKind.durationOrInfinite("1s"),
            "30d",
            "How long samples are kept, and how old a new one may be.");
    public static final ConfigKey<Long> RETENTION_SIZE = ConfigKey.of(
            "retention.size",
            ValueKind.size(0, 1024 * 1024 * GIB),
            "0",
            "What all parts may take on the disk; beyond it the oldest days go. 0 is no limit.");
    public static final ConfigKey<Long> MERGE_RATE = ConfigKey.of(
            "merge.rate",
            ValueKind.size(0, 1024 * GIB),
            "64MiB",
            "What merging may write in a second, so that the log has the rest of the disk; 0 is no limit.");

    public static final ConfigKey<Boolean> QUERY_SKIP_DAMAGED = ConfigKey.of(
            "query.skip-damaged",
            ValueKind.flag(),
            "false",
            "Whether questions are answered without what is damaged, with a warning, instead of failing.");
    public static final ConfigKey<Integer> QUERY_MAX_CONCURRENT = ConfigKey.of(
            "query.max-concurrent",
            ValueKind.integer(1, 1_000),
            new ConfigDefault(
                    "one for each processor, 2 at least",
                    machine -> String.valueOf(Math.max(2, Math.min(1_000, machine.processors())))),
            "Queries computed at once; 64 more wait, further ones get 503.");
    public static final ConfigKey<Duration> QUERY_TIMEOUT =
            ConfigKey.of("query.timeout", ValueKind.duration("10ms", "1d"), "2m", "How long one query may take.");
    public static final ConfigKey<Integer> QUERY_MAX_SAMPLES = ConfigKey.of(
            "query.max-samples",
            ValueKind.integer(1, Integer.MAX_VALUE),
            "1000000000",
            "Stored samples that one query may read.");
    public static final ConfigKey<Long> QUERY_MAX_MEMORY = ConfigKey.of(
            "query.max-memory",
            ValueKind.size(MIB, 1024 * GIB),
            ConfigDefault.ofHeap(1, 10, "a tenth", 8),
            "What one query may collect in memory at a time.");
    public static final ConfigKey<Long> QUERY_MEMORY = ConfigKey.of(
            "query.memory",
            ValueKind.size(MIB, 1024 * GIB),
            ConfigDefault.ofHeap(1, 8, "an eighth", 12),
            "What all queries may collect together, and never less than one may; where others have it, a query gets 503.");
    public static final ConfigKey<Duration> QUERY_LOOKBACK = ConfigKey.of(
            "query.lookback",
            ValueKind.duration("1ms", "30d"),
            "5m",
            "How old the newest sample of a series may be to count as its value.");

    public static final ConfigKey<Integer> RING_SLOTS = ConfigKey.of(
            "ring.slots",
            ValueKind.powerOfTwo(2, 1 << 20),
            "8192",
            "Requests that may wait for the disk writer at once; beyond it they get 503.");
    public static final ConfigKey<Long> RING_MAX_BYTES = ConfigKey.of(
            "ring.max-bytes",
            ValueKind.size(MIB, 1024 * GIB),
            ConfigDefault.ofHeap(1, 16, "a sixteenth", 8),
            "What the waiting requests may weigh together.");
    public static final ConfigKey<Duration> RING_STALL_AFTER = ConfigKey.of(
            "ring.stall-after",
            ValueKind.duration("100ms", "1d"),
            "10s",
            "How long the disk writer may go without a commit before writes get 503.");

    public static final ConfigKey<Integer> LIMITS_METRICS_PER_REQUEST = ConfigKey.of(
            "limits.metrics-per-request", ValueKind.integer(1, 10_000_000), "10000", "Metrics in one request.");
    public static final ConfigKey<Integer> LIMITS_NAME =
            ConfigKey.of("limits.name", ValueKind.integer(1, 65_535), "255", "Characters in a metric's name.");
    public static final ConfigKey<Integer> LIMITS_TAGS =
            ConfigKey.of("limits.tags", ValueKind.integer(0, 1_024), "64", "Tags of one metric.");
    public static final ConfigKey<Integer> LIMITS_TAG_KEY =
            ConfigKey.of("limits.tag-key", ValueKind.integer(1, 65_535), "255", "Characters in a tag's key.");
    public static final ConfigKey<Integer> LIMITS_TAG_VALUE =
            ConfigKey.of("limits.tag-value", ValueKind.integer(1, 65_535), "4096", "Characters in a tag's value.");
    public static final ConfigKey<Duration> LIMITS_FUTURE = ConfigKey.of(
            "limits.future",
            ValueKind.durationOrInfinite("0"),
            "10m",
            "How far ahead of the server's clock a timestamp may be.");
    public static final ConfigKey<Integer> LIMITS_SERIES = ConfigKey.of(
            "limits.series",
            ValueKind.integer(1, 1 << 30),
            new ConfigDefault(
                    "one for each 640 bytes of the heap",
                    machine -> String.valueOf(Math.min(1 << 30, Math.max(1_000, machine.maxHeapBytes() / 640)))),
            "Series known at once; samples of further ones are rejected.");
    public static final ConfigKey<Long> LIMITS_SERIES_BYTES = ConfigKey.of(
            "limits.series-bytes",
            ValueKind.size(MIB, 1024 * GIB),
            ConfigDefault.ofHeap(1, 4, "a quarter", 1),
            "What all series may take in memory, names, tags and their index; samples of further series are rejected.");
    public static final ConfigKey<Integer> LIMITS_SERIES_PER_METRIC = ConfigKey.of(
            "limits.series-per-metric",
            ValueKind.integer(0, 1 << 30),
            "0",
            "Series of one metric; samples of further ones are rejected. 0 is no limit.");
    public static final ConfigKey<Integer> LIMITS_NEW_SERIES = ConfigKey.of(
            "limits.new-series",
            ValueKind.integer(0, 1 << 30),
            "0",
            "New series of one client in any hour; samples of further ones are rejected. 0 is no limit.");
    public static final ConfigKey<Long> PARSE_MEMORY = ConfigKey.of(
            "parse.memory",
            ValueKind.size(0, 1024 * GIB),
            ConfigDefault.ofHeap(1, 8, "an eighth", 1),
            "What the event loops may use together to remember the bytes of series seen before.");

    public static final ConfigKey<Long> RATE_LIMIT_REQUESTS = ConfigKey.of(
            "rate-limit.requests",
            ValueKind.rate(RateLimits.MAX_REQUESTS_PER_SECOND),
            "10000",
            "Requests of one client in any one second.");
    public static final ConfigKey<Long> RATE_LIMIT_SAMPLES = ConfigKey.of(
            "rate-limit.samples",
            ValueKind.rate(RateLimits.MAX_WEIGHT_PER_SECOND),
            "0",
            "Samples of one client in any one second.");
    public static final ConfigKey<Long> RATE_LIMIT_BYTES = ConfigKey.of(
            "rate-limit.bytes",
            ValueKind.rate(RateLimits.MAX_WEIGHT_PER_SECOND),
            "0",
            "Bytes of request bodies of one client in any one second.");
    public static final ConfigKey<Integer> RATE_LIMIT_MAX_CLIENTS = ConfigKey.of(
            "rate-limit.max-clients",
            ValueKind.integer(1, 10_000_000),
            "10000",
            "Clients told apart at once; further ones share one limit.");
    public static final ConfigKey<Duration> RATE_LIMIT_IDLE_AFTER = ConfigKey.of(
            "rate-limit.idle-after",
            ValueKind.duration("2s", "365d"),
            "10m",
            "How long a client that sends nothing is remembered.");

    public static final ConfigKey<AuthMode> AUTH_MODE =
            ConfigKey.of("auth.mode", ValueKind.choice(AuthMode.class), "open", "Whether requests must carry a key.");
    public static final ConfigKey<Optional<Path>> AUTH_FILE = ConfigKey.of(
            "auth.file", ValueKind.optionalPath(), "", "The file of clients, as metricstream keys writes it.");

    public static final ConfigKey<Optional<Path>> JSONL_PATH = ConfigKey.of(
            "jsonl.path", ValueKind.optionalPath(), "", "A file that gets every stored sample as a line of JSON.");
    public static final ConfigKey<Long> JSONL_ROTATE_BYTES = ConfigKey.of(
            "jsonl.rotate-bytes",
            ValueKind.size(0, 1024 * GIB),
            "256MiB",
            "The size at which that file is rotated; 0 is never.");
    public static final ConfigKey<Integer> JSONL_KEEP =
            ConfigKey.of("jsonl.keep", ValueKind.integer(1, 10_000), "8", "Rotated files that are kept.");

    public static final ConfigKey<List<String>> RULES_FILES = ConfigKey.of(
            "rules.files", ValueKind.list(), "", "The files of recording and alerting rules, as patterns.");
    public static final ConfigKey<Duration> RULES_EVALUATION_INTERVAL = ConfigKey.of(
            "rules.evaluation-interval",
            ValueKind.duration("100ms", "1d"),
            "1m",
            "How often a group of rules is evaluated that does not say so itself.");
    public static final ConfigKey<List<URI>> RULES_ALERTMANAGERS = ConfigKey.of(
            "rules.alertmanagers",
            ValueKind.urls(),
            "",
            "Where alerts are posted: Alertmanagers, or what takes /api/v2/alerts as they do.");
    public static final ConfigKey<Map<String, String>> RULES_EXTERNAL_LABELS = ConfigKey.of(
            "rules.external-labels",
            ValueKind.pairs(),
            "",
            "Labels that every posted alert gets, and templates see as $externalLabels.");
    public static final ConfigKey<String> RULES_EXTERNAL_URL = ConfigKey.of(
            "rules.external-url",
            ValueKind.optionalUrl(),
            "",
            "The address at which people reach this server, for the links in alerts.");
    public static final ConfigKey<Duration> RULES_RESEND_DELAY = ConfigKey.of(
            "rules.resend-delay",
            ValueKind.duration("1s", "1d"),
            "1m",
            "After which time an alert that still fires is posted again.");
    public static final ConfigKey<Duration> RULES_OUTAGE_TOLERANCE = ConfigKey.of(
            "rules.outage-tolerance",
            ValueKind.duration("0", "30d"),
            "1h",
            "How long the server may have been down for pending alerts to go on where they were.");
    public static final ConfigKey<Duration> RULES_GRACE_PERIOD = ConfigKey.of(
            "rules.for-grace-period",
            ValueKind.duration("0", "1d"),
            "10m",
            "The least time from a start to a pending alert that fires; alerts with a shorter for begin anew.");

    public static final ConfigKey<Duration> WARM_UP = ConfigKey.of(
            "warm-up",
            ValueKind.duration("0", "10m"),
            "3s",
            "How long at most the code of writes is exercised after a start, and then that of queries, so that the first requests"
                    + " are fast; 0 is not at all.");

    public static final ConfigKey<Duration> SHUTDOWN_DELAY = ConfigKey.of(
            "shutdown.delay",
            ValueKind.duration("0", "1h"),
            "0",
            "How long a stopping server still takes connections while /ready answers 503.");
    public static final ConfigKey<Duration> SHUTDOWN_TIMEOUT = ConfigKey.of(
            "shutdown.timeout", ValueKind.duration("0", "1h"), "10s", "How long requests in flight may take then.");
    public static final ConfigKey<LogFormat> LOG_FORMAT =
            ConfigKey.of("log.format", ValueKind.choice(LogFormat.class), "text", "How log lines look.");
    public static final ConfigKey<LogLevel> LOG_LEVEL =
            ConfigKey.of("log.level", ValueKind.choice(LogLevel.class), "info", "The least level that is logged.");

    /** All of them, in the order in which they are shown. */
    public static final List<ConfigKey<?>> ALL = List.of(
            HTTP_PORT,
            HTTP_HOST,
            HTTP_EVENT_LOOPS,
            HTTP_MAX_CONNECTIONS,
            HTTP_MAX_CONNECTION_AGE,
            HTTP_IDLE_TIMEOUT,
            HTTP_HEADER_TIMEOUT,
            HTTP_BODY_TIMEOUT,
            HTTP_ANSWER_TIMEOUT,
            HTTP_MAX_REQUEST_LINE,
            HTTP_MAX_HEADERS,
            HTTP_MAX_BODY,
            HTTP_BODY_MEMORY,
            HTTP_CORS_ORIGIN,
            DATA_DIR,
            DURABILITY,
            WAL_SEGMENT,
            DISK_RESERVE,
            HEAD_MAX_BYTES,
            HEAD_MAX_AGE,
            RETENTION_TIME,
            RETENTION_SIZE,
            MERGE_RATE,
            QUERY_SKIP_DAMAGED,
            QUERY_MAX_CONCURRENT,
            QUERY_TIMEOUT,
            QUERY_MAX_SAMPLES,
            QUERY_MAX_MEMORY,
            QUERY_MEMORY,
            QUERY_LOOKBACK,
            RING_SLOTS,
            RING_MAX_BYTES,
            RING_STALL_AFTER,
            LIMITS_METRICS_PER_REQUEST,
            LIMITS_NAME,
            LIMITS_TAGS,
            LIMITS_TAG_KEY,
            LIMITS_TAG_VALUE,
            LIMITS_FUTURE,
            LIMITS_SERIES,
            LIMITS_SERIES_BYTES,
            LIMITS_SERIES_PER_METRIC,
            LIMITS_NEW_SERIES,
            PARSE_MEMORY,
            RATE_LIMIT_REQUESTS,
            RATE_LIMIT_SAMPLES,
            RATE_LIMIT_BYTES,
            RATE_LIMIT_MAX_CLIENTS,
            RATE_LIMIT_IDLE_AFTER,
            AUTH_MODE,
            AUTH_FILE,
            JSONL_PATH,
            JSONL_ROTATE_BYTES,
            JSONL_KEEP,
            RULES_FILES,
            RULES_EVALUATION_INTERVAL,
            RULES_ALERTMANAGERS,
            RULES_EXTERNAL_LABELS,
            RULES_EXTERNAL_URL,
            RULES_RESEND_DELAY,
            RULES_OUTAGE_TOLERANCE,
            RULES_GRACE_PERIOD,
            WARM_UP,
            SHUTDOWN_DELAY,
            SHUTDOWN_TIMEOUT,
            LOG_FORMAT,
            LOG_LEVEL);

    private ConfigKeys() {}
}

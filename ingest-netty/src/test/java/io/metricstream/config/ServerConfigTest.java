package io.metricstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.export.JsonLinesConfig;
import io.metricstream.http.HttpConfig;
import io.metricstream.http.HttpLimits;
import io.metricstream.http.HttpTimeouts;
import io.metricstream.limit.RateLimits;
import io.metricstream.limit.RegistryConfig;
import io.metricstream.parse.ParseLimits;
import io.metricstream.promql.engine.QueryLimits;
import io.metricstream.ring.RingConfig;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.store.StoreConfig;
import io.metricstream.storage.wal.Durability;
import io.metricstream.storage.wal.WalConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** For each record: every default, and every key. */
final class ServerConfigTest {
    private static ServerConfig config(String... assignments) throws ConfigException {
        var loader = new ConfigLoader(new Machine(256L << 20, 2, 1 << 20));
        for (String assignment : assignments) {
            loader.set(assignment);
        }
        return ServerConfig.of(loader.resolve());
    }

    private static List<String> problems(String... assignments) {
        try {
            config(assignments);
            return List.of();
        } catch (ConfigException e) {
            return e.problems();
        }
    }

    @Test
    void httpHasItsDefaults() throws ConfigException {
        assertThat(config().http())
                .isEqualTo(new HttpConfig(
                        "0.0.0.0",
                        8080,
                        1,
                        20_000,
                        Duration.ofHours(1),
                        32L << 20,
                        26L << 20,
                        2,
                        "",
                        HttpLimits.DEFAULT,
                        HttpTimeouts.DEFAULT));
    }

    @Test
    void httpTakesItsKeys() throws ConfigException {
        assertThat(config(
                                "http.host=::1",
                                "http.port=1",
                                "http.event-loops=4",
                                "http.max-connections=5",
                                "http.max-connection-age=infinite",
                                "http.body-memory=6m",
                                "parse.memory=4k",
                                "query.max-concurrent=3",
                                "http.cors-origin=https://a[.]b",
                                "http.max-request-line=256",
                                "http.max-headers=512",
                                "http.max-body=1k",
                                "http.idle-timeout=7s",
                                "http.header-timeout=8s",
                                "http.body-timeout=9s",
                                "http.answer-timeout=10s")
                        .http())
                .isEqualTo(new HttpConfig(
                        "::1",
                        1,
                        4,
                        5,
                        Duration.ZERO,
                        6L << 20,
                        1L << 10,
                        3,
                        "https://a[.]b",
                        new HttpLimits(256, 512, 1024),
                        new HttpTimeouts(
                                Duration.ofSeconds(7),
                                Duration.ofSeconds(8),
                                Duration.ofSeconds(9),
                                Duration.ofSeconds(10))));
    }

    @Test
    void parseHasItsDefaults() throws ConfigException {
        assertThat(config().parse()).isEqualTo(ParseLimits.DEFAULT);
    }

    @Test
    void parseTakesItsKeys() throws ConfigException {
        assertThat(config(
                                "limits.metrics-per-request=1",
                                "limits.name=2",
                                "limits.tags=3",
                                "limits.tag-key=4",
                                "limits.tag-value=5",
                                "retention.time=6s",
                                "limits.future=7s")
                        .parse())
                .isEqualTo(new ParseLimits(1, 2, 3, 4, 5, 6_000, 7_000));
    }

    @Test
    void ringHasItsDefaults() throws ConfigException {
        assertThat(config().ring()).isEqualTo(new RingConfig(8192, 13L << 20, Duration.ofSeconds(10)));
    }

    @Test
    void ringTakesItsKeys() throws ConfigException {
        assertThat(config("ring.slots=16", "ring.max-bytes=3MiB", "ring.stall-after=200ms")
                        .ring())
                .isEqualTo(new RingConfig(16, 3L << 20, Duration.ofMillis(200)));
    }

    @Test
    void walHasItsDefaults() throws ConfigException {
        assertThat(config().storage().wal()).isEqualTo(new WalConfig(Durability.FSYNC, 64L << 20, 64L << 20));
    }

    @Test
    void walTakesItsKeys() throws ConfigException {
        assertThat(config("durability=memory", "wal.segment=1m", "disk.reserve=2m")
                        .storage()
                        .wal())
                .isEqualTo(new WalConfig(Durability.MEMORY, 1L << 20, 2L << 20));
    }

    @Test
    void headHasItsDefaults() throws ConfigException {
        assertThat(config().storage().head())
                .isEqualTo(new HeadConfig(78L << 20, Duration.ofHours(2), SeriesLimits.of(419_430, 52L << 20)));
    }

    @Test
    void headTakesItsKeys() throws ConfigException {
        assertThat(config(
                                "head.max-bytes=5m",
                                "head.max-age=90s",
                                "limits.series=7",
                                "limits.series-bytes=2m",
                                "limits.series-per-metric=3",
                                "limits.new-series=4")
                        .storage()
                        .head())
                .isEqualTo(new HeadConfig(5L << 20, Duration.ofSeconds(90), new SeriesLimits(7, 2L << 20, 3, 4)));
    }

    @Test
    void storeHasItsDefaults() throws ConfigException {
        assertThat(config().storage().store()).isEqualTo(new StoreConfig(Duration.ofDays(30), 0, 64L << 20, false));
    }

    @Test
    void storeTakesItsKeys() throws ConfigException {
        assertThat(config("retention.time=infinite", "retention.size=3g", "merge.rate=4m", "query.skip-damaged=true")
                        .storage()
                        .store())
                .isEqualTo(new StoreConfig(StoreConfig.FOREVER, 3L << 30, 4L << 20, true));
    }

    @Test
    void queriesHaveTheirDefaults() throws ConfigException {
        assertThat(config().queries())
                .isEqualTo(new QueryLimits(1_000_000_000, 20L << 20, Duration.ofMinutes(2), Duration.ofMinutes(5)));
    }

    @Test
    void queriesTakeTheirKeys() throws ConfigException {
        assertThat(config("query.max-samples=5", "query.max-memory=6m", "query.timeout=7s", "query.lookback=8m")
                        .queries())
                .isEqualTo(new QueryLimits(5, 6L << 20, Duration.ofSeconds(7), Duration.ofMinutes(8)));
    }

    @Test
    void rateLimitsHaveTheirDefaults() throws ConfigException {
        assertThat(config().rateLimits()).isEqualTo(RateLimits.DEFAULT);
        assertThat(config().clients()).isEqualTo(RegistryConfig.DEFAULT);
    }

    @Test
    void rateLimitsTakeTheirKeys() throws ConfigException {
        ServerConfig config = config(
                "rate-limit.requests=1",
                "rate-limit.samples=2",
                "rate-limit.bytes=3",
                "rate-limit.max-clients=4",
                "rate-limit.idle-after=5s");
        assertThat(config.rateLimits()).isEqualTo(new RateLimits(1, 2, 3));
        assertThat(config.clients()).isEqualTo(new RegistryConfig(4, Duration.ofSeconds(5)));
    }

    @Test
    void authHasItsDefaults() throws ConfigException {
        assertThat(config().auth()).isEqualTo(new AuthConfig(AuthMode.OPEN, Optional.empty()));
    }

    @Test
    void authTakesItsKeys() throws ConfigException {
        assertThat(config("auth.mode=keys", "auth.file=/k").auth())
                .isEqualTo(new AuthConfig(AuthMode.KEYS, Optional.of(Path.of("/k"))));
    }

    @Test
    void keyModeNeedsAFile() {
        assertThat(problems("auth.mode=keys"))
                .containsExactly("auth.file: found nothing, wanted the file of clients, as auth.mode is keys");
    }

    @Test
    void jsonLinesHaveTheirDefaults() throws ConfigException {
        assertThat(config().jsonLines()).isEqualTo(new JsonLinesConfig(Optional.empty(), 256L << 20, 8));
    }

    @Test
    void jsonLinesTakeTheirKeys() throws ConfigException {
        assertThat(config("jsonl.path=m.jsonl", "jsonl.rotate-bytes=0", "jsonl.keep=2")
                        .jsonLines())
                .isEqualTo(new JsonLinesConfig(Optional.of(Path.of("m.jsonl")), 0, 2));
    }

    @Test
    void warmUpHasItsDefaultAndTakesItsKey() throws ConfigException {
        assertThat(config().warmUp()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config("warm-up=0").warmUp()).isZero();
    }

    @Test
    void shutdownHasItsDefaults() throws ConfigException {
        assertThat(config().shutdown()).isEqualTo(new ShutdownConfig(Duration.ZERO, Duration.ofSeconds(10)));
    }

    @Test
    void shutdownTakesItsKeys() throws ConfigException {
        assertThat(config("shutdown.delay=3s", "shutdown.timeout=1m").shutdown())
                .isEqualTo(new ShutdownConfig(Duration.ofSeconds(3), Duration.ofMinutes(1)));
    }

    @Test
    void logHasItsDefaults() throws ConfigException {
        assertThat(config().log()).isEqualTo(new LogConfig(LogFormat.TEXT, LogLevel.INFO));
    }

    @Test
    void logTakesItsKeys() throws ConfigException {
        assertThat(config("log.format=json", "log.level=debug").log())
                .isEqualTo(new LogConfig(LogFormat.JSON, LogLevel.DEBUG));
    }
}

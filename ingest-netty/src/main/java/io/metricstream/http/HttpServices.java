package io.metricstream.http;

import io.metricstream.auth.Authenticator;
import io.metricstream.limit.ClientRegistry;
import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.parse.ParseLimits;
import io.metricstream.stats.IngestStats;
import io.metricstream.storage.head.SeriesTable;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * What the HTTP side uses of the rest of the server; every part is safe for all event loops.
 *
 * @param api what answers each call; where one is missing, the call must not come
 * @param errors where a line is written for every error answer
 */
public record HttpServices(
        Admission admission,
        Administration administration,
        Map<ApiCall, ApiPage> api,
        Authenticator authenticator,
        ClientRegistry clients,
        Supplier<SeriesTable> series,
        ParseLimits parseLimits,
        IngestStats stats,
        PrometheusMeterRegistry registry,
        NanoClock nanoClock,
        EpochClock epochClock,
        Logger errors) {}

package io.metricstream.server;

import io.metricstream.limit.ClientCounts;
import io.metricstream.limit.ClientRegistry;
import io.metricstream.limit.RateCounts;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;

/**
 * The statistics of the clients: sums over all of them, and what the busiest were let through, refused and why, and what was
 * stored and rejected of theirs. The others are left out so that a crowd of clients does not become a crowd of time series; limits and
 * reasons that a client has nothing of are, too.
 */
@OwnedBy(Role.MAIN)
final class ClientMeters {
    private static final int SHOWN = 100;
    /** What was over each limit. */
    private static final Map<String, ToLongFunction<RateCounts>> LIMITS = Map.of(
            "requests", RateCounts::refusedByRequests,
            "samples", RateCounts::refusedBySamples,
            "bytes", RateCounts::refusedByBytes);

    private final ClientRegistry clients;
    private final MultiGauge requests;
    private final MultiGauge refused;
    private final MultiGauge samples;
    private final MultiGauge rejected;
    /** The newest counts of those that are shown, by name. */
    private final Map<String, AtomicReference<ClientCounts>> shown = new HashMap<>();

    ClientMeters(ClientRegistry clients, MeterRegistry registry) {
        this.clients = clients;
        FunctionCounter.builder(
                        "metricstream.limit.allowed", clients, c -> c.totals().allowed())
                .description("Requests that their client's limits let through")
                .register(registry);
        LIMITS.forEach((limit, of) -> FunctionCounter.builder(
                        "metricstream.limit.refused", clients, c -> of.applyAsLong(c.totals()))
                .description("Requests over a limit of their client")
                .tag("limit", limit)
                .register(registry));
        Gauge.builder("metricstream.clients", clients, ClientRegistry::size)
                .description("Clients that are remembered")
                .register(registry);
        requests = MultiGauge.builder("metricstream.client.requests")
                .description("Requests of the " + SHOWN + " busiest clients since they were last forgotten, by outcome")
                .register(registry);
        refused = MultiGauge.builder("metricstream.client.requests.refused")
                .description("Those of them that were over a limit, by limit")
                .register(registry);
        samples = MultiGauge.builder("metricstream.client.samples.stored")
                .description("Samples stored for the " + SHOWN + " busiest clients since they were last forgotten")
                .register(registry);
        rejected = MultiGauge.builder("metricstream.client.samples.rejected")
                .description("Samples of them that were rejected, by reason")
                .register(registry);
    }

    /** Looks at the clients again; called once a second. */
    void refresh(long nowNanos) {
        List<ClientCounts> busiest = clients.counts(nowNanos).stream()
                .sorted(Comparator.comparingLong((ClientCounts c) ->
                                c.counts().allowed() + c.counts().refused())
                        .reversed())
                .limit(SHOWN)
                .toList();
        var names = new HashSet<String>();
        busiest.forEach(client -> names.add(client.name()));
        shown.keySet().retainAll(names);
        var requestRows = new ArrayList<MultiGauge.Row<?>>(2 * busiest.size());
        var refusedRows = new ArrayList<MultiGauge.Row<?>>();
        var sampleRows = new ArrayList<MultiGauge.Row<?>>(busiest.size());
        var rejectedRows = new ArrayList<MultiGauge.Row<?>>();
        for (ClientCounts now : busiest) {
            String name = now.name();
            AtomicReference<ClientCounts> client = shown.computeIfAbsent(name, unused -> new AtomicReference<>());
            client.set(now);
            requestRows.add(row(client, Tags.of("client", name, "outcome", "allowed"), c -> c.counts()
                    .allowed()));
            requestRows.add(row(client, Tags.of("client", name, "outcome", "refused"), c -> c.counts()
                    .refused()));
            LIMITS.forEach((limit, of) -> {
                if (of.applyAsLong(now.counts()) > 0) {
                    refusedRows.add(
                            row(client, Tags.of("client", name, "limit", limit), c -> of.applyAsLong(c.counts())));
                }
            });
            sampleRows.add(row(client, Tags.of("client", name), ClientCounts::samplesStored));
            for (String reason : now.samplesRejected().keySet()) {
                rejectedRows.add(row(client, Tags.of("client", name, "reason", reason), c -> c.samplesRejected()
                        .getOrDefault(reason, 0L)));
            }
        }
        // Those that are there already stay, for a scrape that sees one replaced finds it twice and fails.
        requests.register(requestRows, false);
        refused.register(refusedRows, false);
        samples.register(sampleRows, false);
        rejected.register(rejectedRows, false);
    }

    private static MultiGauge.Row<?> row(
            AtomicReference<ClientCounts> client, Tags tags, ToLongFunction<ClientCounts> count) {
        return MultiGauge.Row.of(tags, client, now -> (double) count.applyAsLong(now.get()));
    }
}

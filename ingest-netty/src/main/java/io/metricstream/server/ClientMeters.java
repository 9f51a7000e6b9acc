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
 * The statistics of the clients: sums over all of them, and what the busiest were let through, refused and stored. The others are
 * left out so that a crowd of clients does not become a crowd of time series.
 */
@OwnedBy(Role.MAIN)
final class ClientMeters {
    private static final int SHOWN = 100;

    private final ClientRegistry clients;
    private final MultiGauge requests;
    private final MultiGauge samples;
    /** The newest counts of those that are shown, by name. */
    private final Map<String, AtomicReference<ClientCounts>> shown = new HashMap<>();

    ClientMeters(ClientRegistry clients, MeterRegistry registry) {
        this.clients = clients;
        FunctionCounter.builder(
                        "metricstream.limit.allowed", clients, c -> c.totals().allowed())
                .description("Requests that their client's limits let through")
                .register(registry);
        refused(registry, "requests", counts -> counts.refusedByRequests());
        refused(registry, "samples", counts -> counts.refusedBySamples());
        refused(registry, "bytes", counts -> counts.refusedByBytes());
        Gauge.builder("metricstream.clients", clients, ClientRegistry::size)
                .description("Clients that are remembered")
                .register(registry);
        requests = MultiGauge.builder("metricstream.client.requests")
                .description("Requests of the " + SHOWN + " busiest clients since they were last forgotten, by outcome")
                .register(registry);
        samples = MultiGauge.builder("metricstream.client.samples.stored")
                .description("Samples stored for the " + SHOWN + " busiest clients since they were last forgotten")
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
        for (ClientCounts client : busiest) {
            shown.computeIfAbsent(client.name(), name -> new AtomicReference<>())
                    .set(client);
        }
        var requestRows = new ArrayList<MultiGauge.Row<?>>(2 * busiest.size());
        var sampleRows = new ArrayList<MultiGauge.Row<?>>(busiest.size());
        shown.forEach((name, client) -> {
            requestRows.add(row(client, Tags.of("client", name, "outcome", "allowed"), c -> c.counts()
                    .allowed()));
            requestRows.add(row(client, Tags.of("client", name, "outcome", "refused"), c -> c.counts()
                    .refused()));
            sampleRows.add(row(client, Tags.of("client", name), ClientCounts::samplesStored));
        });
        // Those that are there already stay, for a scrape that sees one replaced finds it twice and fails.
        requests.register(requestRows, false);
        samples.register(sampleRows, false);
    }

    private static MultiGauge.Row<?> row(
            AtomicReference<ClientCounts> client, Tags tags, ToLongFunction<ClientCounts> count) {
        return MultiGauge.Row.of(tags, client, now -> (double) count.applyAsLong(now.get()));
    }

    private interface Refused {
        long of(RateCounts counts);
    }

    private void refused(MeterRegistry registry, String limit, Refused refused) {
        FunctionCounter.builder("metricstream.limit.refused", clients, c -> refused.of(c.totals()))
                .description("Requests over a limit of their client")
                .tag("limit", limit)
                .register(registry);
    }
}

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
import java.util.List;

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
        var requestRows = new ArrayList<MultiGauge.Row<?>>(2 * busiest.size());
        var sampleRows = new ArrayList<MultiGauge.Row<?>>(busiest.size());
        for (ClientCounts client : busiest) {
            requestRows.add(row(client, "allowed", client.counts().allowed()));
            requestRows.add(row(client, "refused", client.counts().refused()));
            sampleRows.add(MultiGauge.Row.of(Tags.of("client", client.name()), client.samplesStored()));
        }
        requests.register(requestRows, true);
        samples.register(sampleRows, true);
    }

    private static MultiGauge.Row<?> row(ClientCounts client, String outcome, long count) {
        return MultiGauge.Row.of(Tags.of("client", client.name(), "outcome", outcome), count);
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

package io.metricstream.api;

import io.metricstream.http.ApiCall;
import io.metricstream.http.ApiException;
import io.metricstream.http.ApiPage;
import io.metricstream.http.ApiRequest;
import io.metricstream.http.Refusal;
import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.promql.engine.QueryEngine;
import io.metricstream.rules.RuleService;
import io.metricstream.select.Question;
import io.metricstream.stats.RejectLog;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of all calls. Immutable. */
public final class PrometheusApi {
    private static final Logger LOG = LoggerFactory.getLogger(PrometheusApi.class);

    private final StoredSamples stored;
    private final QueryEngine engine;
    private final ServerFacts facts;
    private final RejectLog rejects;
    private final RuleService rules;
    private final NanoClock nanoClock;
    private final EpochClock clock;

    public PrometheusApi(
            StoredSamples stored,
            QueryEngine engine,
            ServerFacts facts,
            RejectLog rejects,
            RuleService rules,
            NanoClock nanoClock,
            EpochClock clock) {
        this.stored = stored;
        this.engine = engine;
        this.facts = facts;
        this.rejects = rejects;
        this.rules = rules;
        this.nanoClock = nanoClock;
        this.clock = clock;
    }

    /** Gives what a question is asked of, or says why it cannot be asked now. */
    @FunctionalInterface
    public interface StoredSamples {
        Question now() throws ApiException;
    }

    /** A page that reads what is stored. */
    interface StoragePage {
        void answer(ApiRequest request, OutputStream out) throws ApiException, StorageFailure, IOException;
    }

    /** What answers each call. */
    public Map<ApiCall, ApiPage> pages() {
        var labels = new LabelPages(stored);
        var status = new StatusPages(facts, clock);
        var pages = new EnumMap<ApiCall, ApiPage>(ApiCall.class);
        pages.put(ApiCall.SERIES, reading(new SeriesPage(stored)));
        pages.put(ApiCall.LABELS, reading(labels::names));
        pages.put(ApiCall.LABEL_VALUES, reading(labels::values));
        pages.put(ApiCall.METADATA, reading(new MetadataPage(stored)));
        pages.put(ApiCall.CARDINALITY, reading(new CardinalityPage(stored)));
        pages.put(ApiCall.BUILD_INFO, status::buildInfo);
        pages.put(ApiCall.RUNTIME_INFO, status::runtimeInfo);
        pages.put(ApiCall.FLAGS, status::flags);
        pages.put(ApiCall.REJECTS, new RejectsPage(rejects));
        pages.putAll(queries(stored, engine, clock));
        pages.put(ApiCall.QUERY_EXEMPLARS, QueryTextPages::exemplars);
        pages.put(ApiCall.FORMAT_QUERY, QueryTextPages::format);
        pages.put(ApiCall.PARSE_QUERY, QueryTextPages::parse);
        pages.put(ApiCall.RULES, new RulesPage(rules::groups));
        pages.put(ApiCall.ALERTS, new AlertsPage(rules::alerts));
        pages.put(
                ApiCall.FEDERATE,
                reading(new FederatePage(stored, clock, engine.limits().lookback())));
        pages.put(ApiCall.READ, reading(new RemoteReadPage(stored, engine.limits(), nanoClock)));
        pages.put(ApiCall.EXPORT, reading(new ExportPage(stored)));
        return pages;
    }

    /** What computes queries, alone. */
    public static Map<ApiCall, ApiPage> queries(StoredSamples stored, QueryEngine engine, EpochClock clock) {
        var queries = new QueryPages(stored, engine, clock);
        return Map.of(
                ApiCall.QUERY, reading(queries::instant),
                ApiCall.QUERY_RANGE, reading(queries::range));
    }

    /** A damaged file fails the questions that meet it, and no others; the answer names it. */
    private static ApiPage reading(StoragePage page) {
        return (request, out) -> {
            try {
                page.answer(request, out);
            } catch (StorageFailure e) {
                LOG.error("what is stored cannot be read", e);
                throw new ApiException(new Refusal(500, "storage_failed", String.valueOf(e.getMessage()), 0));
            }
        };
    }
}

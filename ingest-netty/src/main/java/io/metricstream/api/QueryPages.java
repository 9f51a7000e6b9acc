package io.metricstream.api;

import io.metricstream.http.ApiException;
import io.metricstream.http.ApiRequest;
import io.metricstream.http.BadParameterException;
import io.metricstream.http.Parameters;
import io.metricstream.http.Refusal;
import io.metricstream.model.EpochClock;
import io.metricstream.promql.engine.QueryEngine;
import io.metricstream.promql.engine.QueryException;
import io.metricstream.promql.engine.QueryMemory;
import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.promql.text.DurationText;
import io.metricstream.promql.text.GoText;
import io.metricstream.select.Cancellation;
import io.metricstream.select.Question;
import io.metricstream.storage.StorageFailure;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Computes queries, at a single moment or over a range. A client that leaves ends its query. */
final class QueryPages {
    private static final double MILLIS = 1000;
    /** 0 is the server's rule. */
    private static final String LOOKBACK = "lookback_delta";
    /** Times beyond it, some 73 million years away, leave no room for ranges and offsets. */
    private static final long FARTHEST_MILLIS = Long.MAX_VALUE / 4;

    private final PrometheusApi.StoredSamples stored;
    private final QueryEngine engine;
    private final EpochClock clock;

    QueryPages(PrometheusApi.StoredSamples stored, QueryEngine engine, EpochClock clock) {
        this.stored = stored;
        this.engine = engine;
        this.clock = clock;
    }

    void instant(ApiRequest request, OutputStream out) throws ApiException, StorageFailure {
        Parameters parameters = request.parameters();
        long time = near("time", parameters.time("time", clock.millis()));
        answer(QueryRequest.instant(query(parameters), time), request, out);
    }

    void range(ApiRequest request, OutputStream out) throws ApiException, StorageFailure {
        Parameters parameters = request.parameters();
        long start = near("start", parameters.timeWanted("start"));
        long end = near("end", parameters.timeWanted("end"));
        if (end < start) {
            throw new BadParameterException("end", "end timestamp must not be before start time");
        }
        long step = duration(parameters, "step").toMillis();
        if (step <= 0) {
            throw new BadParameterException(
                    "step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        answer(QueryRequest.range(query(parameters), start, end, step), request, out);
    }

    static String query(Parameters parameters) {
        return parameters.first("query", "");
    }

    private static long near(String name, long millis) {
        if (Math.abs(millis) > FARTHEST_MILLIS) {
            throw new BadParameterException(name, "too far away");
        }
        return millis;
    }

    /** A number of seconds, or a duration. */
    private static Duration duration(Parameters parameters, String name) {
        String text = parameters.first(name, "");
        try {
            double millis = Double.parseDouble(text) * MILLIS;
            if (Math.abs(millis) <= FARTHEST_MILLIS) {
                return Duration.ofMillis((long) millis);
            }
            throw noDuration(name, text, null);
        } catch (NumberFormatException notANumber) {
            try {
                return Duration.ofMillis(DurationText.parseMillis(text));
            } catch (IllegalArgumentException e) {
                throw noDuration(name, text, e);
            }
        }
    }

    private static BadParameterException noDuration(String name, String text, @Nullable Exception cause) {
        return new BadParameterException(name, "cannot parse " + GoText.quote(text) + " to a valid duration", cause);
    }

    private static @Nullable Duration asked(Parameters parameters, String name) {
        if (parameters.first(name, "").isEmpty()) {
            return null;
        }
        Duration asked = duration(parameters, name);
        if (asked.isZero() && name.equals(LOOKBACK)) {
            return null;
        }
        if (asked.toMillis() <= 0) {
            throw new BadParameterException(name, "wanted more than 0");
        }
        return asked;
    }

    private void answer(QueryRequest asked, ApiRequest request, OutputStream out) throws ApiException, StorageFailure {
        Parameters parameters = request.parameters();
        QueryRequest whole = asked.with(asked(parameters, "timeout"), asked(parameters, LOOKBACK));
        int limit = parameters.count("limit", 0);
        Cancellation cancellation = request.cancellation();
        Question question = stored.now();
        try (QueryMemory.Share share = engine.share()) {
            QueryResult result = engine.run(whole, question, cancellation, share);
            StatsReply stats = null;
            String detail = parameters.first("stats", "");
            if (!detail.isEmpty()) {
                stats = StatsReply.of(
                        result.stats(), request.waitedNanos(), detail, whole, engine, question, cancellation);
            }
            QueryReply.write(out, result, limit, stats, question);
        } catch (QueryException e) {
            throw refused(e);
        }
    }

    private static ApiException refused(QueryException e) throws StorageFailure {
        String message = GoText.toUtf8(String.valueOf(e.getMessage()));
        return switch (e.kind()) {
            case BAD_DATA ->
                new ApiException(Refusal.of(400, "invalid_parameter", "invalid parameter \"query\": " + message));
            case EXECUTION -> new ApiException(Refusal.of(422, "execution", message));
            case BUSY -> new ApiException(Refusal.unavailable("busy", message, 1));
            case TIMEOUT -> new ApiException(Refusal.unavailable("timeout", message, 1));
            case CANCELED -> new ApiException(Refusal.unavailable("canceled", message, 1));
            case STORAGE -> {
                if (e.getCause() instanceof StorageFailure failure) {
                    throw failure;
                }
                throw new IllegalStateException("a storage failure without its cause", e);
            }
        };
    }
}

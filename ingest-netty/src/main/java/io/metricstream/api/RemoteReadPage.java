package io.metricstream.api;

import io.metricstream.http.ApiException;
import io.metricstream.http.ApiRequest;
import io.metricstream.http.Refusal;
import io.metricstream.http.SnappyBlock;
import io.metricstream.model.NanoClock;
import io.metricstream.own.Borrowed;
import io.metricstream.promql.engine.QueryLimits;
import io.metricstream.select.Cancellation;
import io.metricstream.select.Question;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Gives the samples of selected series to a Prometheus that reads from here, in its remote read protocol. Immutable. */
final class RemoteReadPage implements PrometheusApi.StoragePage {
    /** What a request may come to; the queries of a Prometheus take some hundred bytes. */
    private static final int MOST_REQUEST_BYTES = 1 << 20;

    private final PrometheusApi.StoredSamples stored;
    private final QueryLimits limits;
    private final NanoClock clock;

    RemoteReadPage(PrometheusApi.StoredSamples stored, QueryLimits limits, NanoClock clock) {
        this.stored = stored;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public void answer(ApiRequest request, OutputStream out) throws ApiException, StorageFailure, IOException {
        byte[] message = inflate(request.body().readAllBytes());
        Cancellation cancellation = request.cancellation();
        List<Selection> queries = queries(message, cancellation);
        Question question = stored.now();
        long end = clock.nanos() + limits.timeout().toNanos();
        var response = new ReadResponse(limits.memoryBytes(), limits.samples(), () -> {
            cancellation.check();
            if (clock.nanos() - end > 0) {
                throw new ApiException(Refusal.unavailable("timeout", "reading took longer than query.timeout", 1));
            }
        });
        for (Selection query : queries) {
            response.begin();
            if (query.fromMillis() <= query.toMillis()) {
                add(question, query, response);
            }
        }
        response.writeTo(out);
    }

    private static void add(Question question, Selection query, ReadResponse response)
            throws ApiException, StorageFailure, IOException {
        try (SeriesCursor series = question.select(query)) {
            while (series.next()) {
                response.add(series);
            }
        }
    }

    private static byte[] inflate(@Borrowed byte[] block) throws ApiException {
        try {
            long claimed = SnappyBlock.claimedBytes(block, block.length);
            if (claimed > MOST_REQUEST_BYTES) {
                throw new ApiException(Refusal.of(
                        413,
                        "body_too_large",
                        "the request claims to hold " + claimed + " bytes, wanted at most " + MOST_REQUEST_BYTES));
            }
            byte[] message = new byte[(int) claimed];
            SnappyBlock.inflate(block, block.length, message, message.length);
            return message;
        } catch (IOException broken) {
            throw new ApiException(
                    Refusal.of(400, "invalid_encoding", "the body is not one block of Snappy: " + broken.getMessage()));
        }
    }

    private static List<Selection> queries(@Borrowed byte[] message, Cancellation cancellation) throws ApiException {
        try {
            return ReadRequest.read(message, message.length, cancellation);
        } catch (IOException broken) {
            throw new ApiException(Refusal.of(
                    400, "invalid_request", "the body is not a request of remote read: " + broken.getMessage()));
        } catch (IllegalArgumentException unwanted) {
            throw new ApiException(Refusal.of(400, "invalid_request", String.valueOf(unwanted.getMessage())));
        }
    }
}

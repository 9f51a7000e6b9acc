package io.metricstream.server;

import io.metricstream.http.Admission;
import io.metricstream.http.Refusal;
import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SampleBatch;
import io.metricstream.model.SeriesKey;
import io.metricstream.model.SeriesKeys;
import io.metricstream.own.ThreadSafe;
import io.metricstream.parse.RejectReason;
import io.metricstream.ring.Completions;
import io.metricstream.ring.WriteOutcome;
import io.metricstream.ring.WriteRequest;
import io.metricstream.rules.RuleSample;
import io.metricstream.rules.RuleWriter;
import io.metricstream.stats.IngestStats;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes what rules come to, on the way of every other client: admission, ring, disk writer. Where that refuses for now, it
 * is tried again; each attempt that gets as far as the ring counts in the statistics as a request does.
 *
 * <p>Thread: those of rules write and wait; the disk writer hands back.
 */
@ThreadSafe("immutable; a request belongs to one call, and its future hands the outcome over")
final class RingRuleWriter implements RuleWriter, Completions {
    private static final String CLIENT = "rules";
    private static final long RETRY_MILLIS = 200;

    private final Admission admission;
    private final IngestStats stats;
    private final int index;
    private final NanoClock clock;

    /** @param index one that no event loop has */
    RingRuleWriter(Admission admission, IngestStats stats, int index, NanoClock clock) {
        this.admission = admission;
        this.stats = stats;
        this.index = index;
        this.clock = clock;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public void onGroupDone(WriteRequest first) {
        WriteRequest request = first;
        while (request != null) {
            WriteRequest next = request.next();
            request.complete();
            request = next;
        }
    }

    @Override
    public String write(List<RuleSample> samples, Duration patience) throws InterruptedException {
        long startNanos = clock.nanos();
        while (true) {
            Refusal refusal = admission.check();
            if (refusal == null) {
                var done = new CompletableFuture<WriteRequest>();
                refusal = publish(samples, done);
                if (refusal == null) {
                    WriteRequest request = await(done);
                    if (request.outcome() == WriteOutcome.STORED) {
                        return notStored(request.notStored(), samples.size());
                    }
                    refusal = admission.unavailable(request.outcome());
                }
            }
            if (clock.nanos() - startNanos >= patience.toNanos()) {
                return samples.size() + " samples not stored: " + refusal.message();
            }
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
    }

    /** Hands samples to the disk writer; says why where it cannot now. */
    private @Nullable Refusal publish(List<RuleSample> samples, CompletableFuture<WriteRequest> done) {
        int count = samples.size();
        var request = new WriteRequest(this, finished -> {
            onOutcome(finished);
            done.complete(finished);
        });
        request.client(CLIENT);
        fill(request.batch(), samples);
        stats.onReceived(count);
        stats.onEnqueued(count);
        if (admission.ring().tryPublish(request)) {
            return null;
        }
        stats.onLeft(count);
        stats.onUnavailable(count);
        return admission.ringFull();
    }

    /** Runs on the disk writer. */
    private void onOutcome(WriteRequest request) {
        SampleBatch batch = request.batch();
        stats.onLeft(batch.count());
        if (request.outcome() != WriteOutcome.STORED) {
            stats.onUnavailable(batch.count());
            return;
        }
        int stored = batch.count() - request.notStored();
        if (stored > 0) {
            stats.onStored(stored);
        }
        for (int i = 0; i < batch.count(); i++) {
            int ref = batch.refs()[i];
            if (WriteRequest.isRefused(ref)) {
                stats.onNotStored(reason(WriteRequest.whyNot(ref)), 1);
            }
        }
    }

    private static RejectReason reason(int why) {
        return switch (why) {
            case WriteRequest.METRIC_FULL -> RejectReason.METRIC_SERIES_LIMIT;
            case WriteRequest.CLIENT_FULL -> RejectReason.NEW_SERIES_LIMIT;
            default -> RejectReason.SERIES_LIMIT;
        };
    }

    private static void fill(SampleBatch batch, List<RuleSample> samples) {
        batch.begin(SeriesKeys.NONE);
        for (RuleSample sample : samples) {
            byte[] key = key(sample.labels());
            int ref = batch.addNewSeries(key, 0, key.length, SeriesKey.hash(key, 0, key.length));
            batch.add(ref, sample.timestampMillis(), sample.value());
        }
    }

    private static byte[] key(Labels labels) {
        Map<String, String> tags = new HashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.name(i).equals(Labels.NAME)) {
                tags.put(labels.name(i), labels.value(i));
            }
        }
        return SeriesKey.of(MetricType.GAUGE, labels.get(Labels.NAME), tags);
    }

    private static WriteRequest await(CompletableFuture<WriteRequest> done) throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException bug) {
            throw new IllegalStateException("an outcome that failed", bug);
        }
    }

    private static String notStored(int refused, int count) {
        return refused == 0
                ? ""
                : refused + " of " + count + " samples not stored: no room for their series (limits.series,"
                        + " limits.series-bytes, limits.series-per-metric, limits.new-series)";
    }
}

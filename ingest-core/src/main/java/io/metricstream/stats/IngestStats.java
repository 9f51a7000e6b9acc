package io.metricstream.stats;

import io.metricstream.own.ThreadSafe;
import io.metricstream.parse.ParseReport;
import io.metricstream.parse.RejectReason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where every sample went. At any moment without requests under way:
 *
 * <pre>received = stored + rejected + withheld + limited + unavailable + in flight</pre>
 *
 * <p>Thread: any. Order: a sample is counted as received before it is counted anywhere else.
 */
@ThreadSafe("sums of LongAdder")
@SuppressWarnings("EnumOrdinal") // An index in memory, never stored.
public final class IngestStats {
    private final LongAdder received = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder withheld = new LongAdder();
    private final LongAdder limited = new LongAdder();
    private final LongAdder unavailable = new LongAdder();
    private final LongAdder inFlight = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder[] rejected = new LongAdder[RejectReason.values().length];

    private final RejectLog rejects = new RejectLog();

    public IngestStats(MeterRegistry registry) {
        counter(registry, "metricstream.samples.received", "Samples of requests that could be parsed", received);
        counter(registry, "metricstream.samples.stored", "Samples stored as durably as configured", stored);
        counter(
                registry,
                "metricstream.samples.withheld",
                "Good samples of requests that wanted all or nothing",
                withheld);
        counter(registry, "metricstream.samples.limited", "Samples of requests over their client's limit", limited);
        counter(
                registry,
                "metricstream.samples.unavailable",
                "Samples answered 503: the ring or the disk",
                unavailable);
        counter(registry, "metricstream.batches.stored", "Requests of which samples were stored", batches);
        for (RejectReason reason : RejectReason.values()) {
            LongAdder count = new LongAdder();
            rejected[reason.ordinal()] = count;
            FunctionCounter.builder("metricstream.samples.rejected", count, LongAdder::sum)
                    .description("Samples refused, by reason")
                    .tag("reason", reason.text())
                    .register(registry);
        }
        Gauge.builder("metricstream.samples.inflight", inFlight, LongAdder::sum)
                .description("Samples on their way to the disk")
                .register(registry);
    }

    /** A request was parsed: its samples came in, and the bad ones among them are already done with. */
    public void onParsed(ParseReport report) {
        received.add(report.received());
        if (report.rejected() > 0) {
            for (RejectReason reason : RejectReason.values()) {
                rejected[reason.ordinal()].add(report.rejectedBy(reason));
            }
        }
    }

    /** Samples came in that nobody had to parse. */
    public void onReceived(int samples) {
        received.add(samples);
    }

    /** The samples refused last. */
    public RejectLog rejects() {
        return rejects;
    }

    public void onEnqueued(int samples) {
        inFlight.add(samples);
    }

    /** The samples left the ring; what became of them is counted with the other methods. */
    public void onLeft(int samples) {
        inFlight.add(-samples);
    }

    public void onStored(int samples) {
        stored.add(samples);
        batches.increment();
    }

    /** The series of samples could not be created. */
    public void onNotStored(RejectReason why, int samples) {
        rejected[why.ordinal()].add(samples);
    }

    public void onWithheld(int samples) {
        withheld.add(samples);
    }

    public void onLimited(int samples) {
        limited.add(samples);
    }

    public void onUnavailable(int samples) {
        unavailable.add(samples);
    }

    public long received() {
        return received.sum();
    }

    public long stored() {
        return stored.sum();
    }

    public long withheld() {
        return withheld.sum();
    }

    public long limited() {
        return limited.sum();
    }

    public long unavailable() {
        return unavailable.sum();
    }

    public long inFlight() {
        return inFlight.sum();
    }

    public long batches() {
        return batches.sum();
    }

    public long rejected(RejectReason reason) {
        return rejected[reason.ordinal()].sum();
    }

    /** All samples refused, whatever the reason. */
    public long rejected() {
        long sum = 0;
        for (LongAdder count : rejected) {
            sum += count.sum();
        }
        return sum;
    }

    private static void counter(MeterRegistry registry, String name, String description, LongAdder count) {
        FunctionCounter.builder(name, count, LongAdder::sum)
                .description(description)
                .register(registry);
    }
}

package io.metricstream.rules;

import io.metricstream.own.ThreadSafe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What is counted about rules. */
@ThreadSafe("meters of Micrometer")
final class RuleMeters {
    private final Timer evaluations;
    private final Counter failures;
    private final Counter missed;
    private final Counter lostWrites;

    RuleMeters(MeterRegistry registry, RuleService service) {
        this.evaluations = Timer.builder("metricstream.rules.group.evaluation")
                .description("Evaluations of groups of rules")
                .serviceLevelObjectives(
                        Duration.ofMillis(10),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1))
                .register(registry);
        this.failures = counter(registry, "failures", "Evaluations of single rules that failed");
        this.missed = counter(registry, "missed", "Evaluations of groups left out, for the one before took too long");
        this.lostWrites =
                counter(registry, "write.failures", "Evaluations of single rules whose samples were not all stored");
        gauge(registry, service, "metricstream.rules.groups", "Groups of rules", s -> s.groups()
                .size());
        gauge(
                registry,
                service,
                "metricstream.rules.files.ok",
                "1 where the files of rules are in force as they are",
                s -> s.problem().isEmpty() ? 1 : 0);
        gauge(
                registry,
                service,
                "metricstream.alerts.pending",
                "Alerts that are pending",
                s -> s.count(AlertState.PENDING));
        gauge(
                registry,
                service,
                "metricstream.alerts.firing",
                "Alerts that are firing",
                s -> s.count(AlertState.FIRING));
        post(registry, service, "sent", "Alerts that a webhook has taken", s -> s.post()
                .sent());
        post(registry, service, "send.failures", "Posts of alerts that failed", s -> s.post()
                .failures());
        post(registry, service, "dropped", "Alerts that were not posted", s -> s.post()
                .dropped());
        gauge(registry, service, "metricstream.alerts.queued", "Alerts that wait to be posted", s -> s.post()
                .queued());
    }

    void onEvaluated(long tookNanos) {
        evaluations.record(tookNanos, TimeUnit.NANOSECONDS);
    }

    void onFailed() {
        failures.increment();
    }

    void onMissed(long count) {
        missed.increment((double) count);
    }

    void onLostWrite() {
        lostWrites.increment();
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("metricstream.rules." + name)
                .description(description)
                .register(registry);
    }

    private static void post(
            MeterRegistry registry,
            RuleService service,
            String name,
            String description,
            ToDoubleFunction<RuleService> of) {
        FunctionCounter.builder("metricstream.alerts." + name, service, of)
                .description(description)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            RuleService service,
            String name,
            String description,
            ToDoubleFunction<RuleService> of) {
        Gauge.builder(name, service, of).description(description).register(registry);
    }
}

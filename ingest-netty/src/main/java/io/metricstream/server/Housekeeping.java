package io.metricstream.server;

import io.metricstream.auth.Authenticator;
import io.metricstream.limit.ClientRegistry;
import io.metricstream.limit.RateLimits;
import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.rules.RuleService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done once a second: read changed files of keys and rules, forget idle clients, look at the busy ones. Owns: its thread. */
@ThreadSafe("all work is on its own thread")
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Authenticator authenticator;
    private final ClientRegistry clients;
    private final RateLimits defaults;
    private final ClientMeters meters;
    private final RuleService rules;
    private final NanoClock clock;
    /** What went wrong the last time, so that it is logged once and not every second; empty where nothing did. */
    private String lastBug = "";

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "housekeeping"));

    Housekeeping(
            Authenticator authenticator,
            ClientRegistry clients,
            RateLimits defaults,
            ClientMeters meters,
            RuleService rules,
            NanoClock clock) {
        this.authenticator = authenticator;
        this.clients = clients;
        this.defaults = defaults;
        this.meters = meters;
        this.rules = rules;
        this.clock = clock;
    }

    void start() {
        applyLimits();
        var unused = thread.scheduleWithFixedDelay(this::run, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        thread.shutdown();
    }

    private void run() {
        try {
            if (authenticator.reloadIfChanged()) {
                applyLimits();
                LOG.info("the file of clients has changed and is in force");
            }
            long nowNanos = clock.nanos();
            clients.sweep(nowNanos);
            meters.refresh(nowNanos);
            rules.reloadIfChanged();
            lastBug = "";
        } catch (RuntimeException bug) {
            // An executor would end the schedule without a word.
            if (!bug.toString().equals(lastBug)) {
                LOG.error("housekeeping failed; it is tried again every second", bug);
            }
            lastBug = bug.toString();
        }
    }

    private void applyLimits() {
        clients.replaceRules(defaults, authenticator.limits(defaults));
    }
}

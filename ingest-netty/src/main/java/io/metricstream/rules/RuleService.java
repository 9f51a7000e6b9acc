package io.metricstream.rules;

import io.metricstream.model.EpochClock;
import io.metricstream.model.Labels;
import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import io.metricstream.promql.engine.QueryEngine;
import io.metricstream.rules.file.GroupSpec;
import io.metricstream.rules.file.RuleFileException;
import io.metricstream.rules.file.RuleFiles;
import io.metricstream.rules.notify.AlertPost;
import io.metricstream.select.Queryable;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of the files that are configured, evaluated on time.
 *
 * <p>Thread: one loads, starts, reloads and stops at a time; any asks. Owns: the threads {@code rules-N}.
 * Order: {@link #load}, {@link #start} once there is something to ask, {@link #reloadIfChanged} about once a second.
 * Fails: files that become bad change nothing; the rules read last stay in force, and {@link #problem} says why.
 */
@ThreadSafe("changes exclude each other by the monitor; what is asked for is volatile and immutable")
public final class RuleService {
    private static final Logger LOG = LoggerFactory.getLogger(RuleService.class);
    /** Within which whatever reads stored samples has ended after it was told to. */
    private static final long CALM_SECONDS = 1;

    private static final long CLOSE_SECONDS = 10;

    /** What rules need of the server. */
    public record Parts(
            QueryEngine engine,
            Supplier<? extends Queryable> stored,
            RuleWriter writer,
            MeterRegistry registry,
            NanoClock nanoClock,
            EpochClock epochClock) {}

    private final RulesConfig config;
    private final EpochClock clock;
    private final RuleQueries queries;
    private final RuleSurroundings around;
    private final RuleMeters meters;
    private final AlertPost post;
    private final ScheduledThreadPoolExecutor threads;

    /** The files as they were at the last look. */
    private Map<String, String> seen = Map.of();

    /** The files as they were when they were parsed last; null where they could not be read since. */
    private @Nullable Map<String, String> parsed;

    private boolean started;
    private boolean closed;
    private volatile List<GroupRunner> runners = List.of();
    private volatile String problem = "";

    @SuppressWarnings("ThisEscape") // The meters ask when they are scraped, not before.
    public RuleService(RulesConfig config, Parts parts) {
        this.config = config;
        this.clock = parts.epochClock();
        this.queries = new RuleQueries(parts.engine(), parts.stored());
        this.post = new AlertPost(config.alertmanagers());
        this.meters = new RuleMeters(parts.registry(), this);
        this.around = new RuleSurroundings(config, queries, parts.writer(), post, meters, parts.nanoClock());
        var number = new AtomicInteger();
        this.threads = new ScheduledThreadPoolExecutor(
                config.threads(), task -> new Thread(task, "rules-" + number.incrementAndGet()));
        this.threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Reads the files for the first time; fails where one is bad. */
    public synchronized void load() throws RuleFileException {
        seen = RuleFiles.read(config.files());
        List<GroupSpec> specs = RuleFiles.parse(seen);
        parsed = seen;
        if (seen.isEmpty() && !config.files().isEmpty()) {
            LOG.warn("rules.files names no file that is there: {}", config.files());
        }
        runners = specs.stream()
                .map(spec -> runner(new RuleGroup(spec, around, true)))
                .toList();
    }

    /** Begins to evaluate, unless it was stopped before. */
    public synchronized void start() {
        if (closed) {
            return;
        }
        started = true;
        post.start();
        runners.forEach(GroupRunner::start);
        if (!runners.isEmpty()) {
            LOG.info("rules: files={}, groups={}", seen.size(), runners.size());
        }
    }

    /**
     * Reads the files again and takes over what has changed, once two looks have found the same, for a file may be in the middle
     * of being written. Groups that have not changed go on undisturbed.
     */
    public synchronized void reloadIfChanged() {
        if (config.files().isEmpty() || closed) {
            return;
        }
        try {
            Map<String, String> now = read();
            boolean settled = now.equals(seen);
            seen = now;
            if (!settled || now.equals(parsed)) {
                return;
            }
            parsed = now;
            replace(RuleFiles.parse(now));
            problem = "";
            LOG.info(
                    "the files of rules have changed and are in force: files={}, groups={}",
                    now.size(),
                    runners.size());
        } catch (RuleFileException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(problem)) {
                LOG.warn("files of rules not taken over, the rules read before stay in force: {}", message);
            }
            problem = message;
        }
    }

    private Map<String, String> read() throws RuleFileException {
        try {
            return RuleFiles.read(config.files());
        } catch (RuleFileException e) {
            parsed = null;
            throw e;
        }
    }

    /** All groups, in the order of files. */
    public List<GroupView> groups() {
        return runners.stream().map(runner -> runner.group().view()).toList();
    }

    /** All alerts that are pending or firing. */
    public List<AlertView> alerts() {
        return groups().stream()
                .flatMap(group -> group.rules().stream())
                .flatMap(rule -> rule.alerting().alerts().stream())
                .toList();
    }

    /** Ends what is under way; what is not posted yet is after the next start, for alerts are posted again and again. */
    public void stop() throws InterruptedException {
        synchronized (this) {
            closed = true;
        }
        runners.forEach(GroupRunner::stop);
        queries.cancel();
        threads.shutdown();
        if (!threads.awaitTermination(CALM_SECONDS, TimeUnit.SECONDS)) {
            // What still waits is a write. To interrupt who reads a part would close it for every query.
            threads.shutdownNow();
        }
        if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("rules were still being evaluated at the stop");
        }
        post.stop();
    }

    String problem() {
        return problem;
    }

    AlertPost post() {
        return post;
    }

    long count(AlertState state) {
        return alerts().stream().filter(alert -> alert.state() == state).count();
    }

    private GroupRunner runner(RuleGroup group) {
        return new GroupRunner(group, threads, clock, meters);
    }

    private RuleGroup group(GroupSpec spec, @Nullable GroupRunner before) {
        return before == null || !started
                ? new RuleGroup(spec, around, !started)
                : new RuleGroup(spec, around, before.group());
    }

    private void replace(List<GroupSpec> specs) {
        var before = new ArrayList<>(runners);
        var after = new ArrayList<GroupRunner>();
        var added = new ArrayList<GroupRunner>();
        for (GroupSpec spec : specs) {
            GroupRunner old = take(before, spec);
            if (old != null && old.group().spec().equals(spec)) {
                after.add(old);
                continue;
            }
            if (old != null) {
                old.stop();
            }
            GroupRunner runner = runner(group(spec, old));
            after.add(runner);
            added.add(runner);
        }
        before.forEach(this::end);
        runners = List.copyOf(after);
        if (started) {
            added.forEach(GroupRunner::start);
        }
    }

    /** The group of the same file and name, taken from a list; null where there is none. */
    private static @Nullable GroupRunner take(List<GroupRunner> from, GroupSpec like) {
        for (GroupRunner runner : from) {
            GroupSpec spec = runner.group().spec();
            if (spec.file().equals(like.file()) && spec.name().equals(like.name())) {
                from.remove(runner);
                return runner;
            }
        }
        return null;
    }

    /**
     * Ends a group that is not in any file now. It may only have got another name: for two intervals, the group that it is now
     * has time to write the same series, which then go on.
     */
    private void end(GroupRunner runner) {
        runner.stop();
        RuleGroup group = runner.group();
        long atMillis = clock.millis();
        var unused = threads.schedule(
                () -> {
                    var elsewhere = new HashSet<Labels>();
                    runners.forEach(other -> elsewhere.addAll(other.group().written()));
                    group.end(atMillis, elsewhere);
                    return group;
                },
                2 * group.intervalMillis(),
                TimeUnit.MILLISECONDS);
    }
}

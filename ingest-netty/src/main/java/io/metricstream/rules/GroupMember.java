package io.metricstream.rules;

import io.metricstream.model.Labels;
import io.metricstream.model.SpecialValues;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.rules.file.GroupSpec;
import io.metricstream.rules.file.RuleSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One rule in its group: what came of it last, and the series it wrote then. */
@OwnedBy(Role.RULES)
final class GroupMember {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

    private final GroupSpec group;
    private final RuleSurroundings around;
    private final Rule rule;
    private RuleView.Outcome outcome = RuleView.Outcome.NONE;
    private Set<Labels> written = Set.of();

    GroupMember(RuleSpec spec, GroupSpec group, RuleSurroundings around) {
        this.group = group;
        this.around = around;
        this.rule = spec instanceof RuleSpec.Alerting alerting
                ? new AlertingRule(alerting, around.queries(), around.config())
                : new RecordingRule((RuleSpec.Recording) spec, around.queries());
    }

    /** The series that were written last and whose end has not been. */
    Set<Labels> written() {
        return written;
    }

    Optional<AlertingRule> alerting() {
        return rule instanceof AlertingRule alerting ? Optional.of(alerting) : Optional.empty();
    }

    RuleView view() {
        return rule.view(outcome);
    }

    /** The same name and labels are the same rule, as Prometheus has it, whatever else has changed. */
    boolean isSame(GroupMember other) {
        RuleSpec a = rule.spec();
        RuleSpec b = other.rule.spec();
        return a.getClass().equals(b.getClass())
                && a.name().equals(b.name())
                && a.labels().equals(b.labels());
    }

    /** Goes on where the same rule was before its file changed. */
    void takeOver(GroupMember before) {
        written = before.written;
        outcome = before.outcome;
        if (rule instanceof AlertingRule now && before.rule instanceof AlertingRule then) {
            now.takeOver(then);
        }
    }

    /** Evaluates the rule, tells of alerts and writes; what goes wrong is its outcome. */
    void evaluate(Moment moment, long intervalMillis) throws InterruptedException {
        long startNanos = around.clock().nanos();
        String error;
        try {
            List<RuleSample> samples = rule.evaluate(moment, group.limit());
            if (rule instanceof AlertingRule alerting) {
                around.post().send(alerting.messages(moment.atMillis(), intervalMillis));
            }
            error = write(samples, moment);
        } catch (RuleException e) {
            around.meters().onFailed();
            error = String.valueOf(e.getMessage());
        }
        long tookNanos = around.clock().nanos() - startNanos;
        if (error.isEmpty()) {
            outcome = RuleView.Outcome.ok(moment.atMillis(), tookNanos);
            return;
        }
        if (!error.equals(outcome.error())) {
            LOG.warn(
                    "rule failed: file={}, group={}, rule={}: {}",
                    group.file(),
                    group.name(),
                    rule.spec().name(),
                    error);
        }
        outcome = RuleView.Outcome.failed(error, moment.atMillis(), tookNanos);
    }

    /** Stores samples, and the end of each series that was there the last time and is not now. */
    private String write(List<RuleSample> samples, Moment moment) throws InterruptedException {
        var now = new HashSet<Labels>();
        samples.forEach(sample -> now.add(sample.labels()));
        var all = new ArrayList<>(samples);
        for (Labels before : written) {
            if (!now.contains(before)) {
                all.add(end(before, moment));
            }
        }
        String error = around.store(all, moment);
        written = now;
        return error;
    }

    /** What says of a series that it has ended. */
    static RuleSample end(Labels labels, Moment moment) {
        return new RuleSample(labels, moment.queryMillis(), SpecialValues.STALE);
    }
}

package io.metricstream.rules;

import io.metricstream.model.Labels;
import io.metricstream.own.ThreadSafe;
import io.metricstream.rules.file.GroupSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of a group, evaluated in order, each seeing what those before it have written.
 *
 * <p>Thread: one at a time evaluates or takes over ({@link GroupRunner}); any reads {@link #view}.
 */
@ThreadSafe("entered under its monitor, that of a newer group first; the view is volatile and immutable")
final class RuleGroup {
    private static final Logger LOG = LoggerFactory.getLogger(RuleGroup.class);

    private final GroupSpec spec;
    private final long intervalMillis;
    private final RuleSurroundings around;
    private final List<GroupMember> members;
    /** Series of rules that this group had before its file changed. */
    private final Set<Labels> left = new HashSet<>();

    /** The group as it was before its file changed, until its states are taken over. */
    private @Nullable RuleGroup before;

    private int evaluations;
    private boolean restored;
    /** Whether another group goes on with what this one was about; an evaluation that comes late does nothing then. */
    private boolean ended;

    private volatile GroupView view;

    /** A group that begins; a fresh one does after a restart, and finds the states of before again. */
    RuleGroup(GroupSpec spec, RuleSurroundings around, boolean fresh) {
        this(spec, around, fresh, null);
    }

    /** A group in place of one whose file has changed, whose states it takes over before it does anything else. */
    RuleGroup(GroupSpec spec, RuleSurroundings around, RuleGroup before) {
        this(spec, around, false, before);
    }

    private RuleGroup(GroupSpec spec, RuleSurroundings around, boolean fresh, @Nullable RuleGroup before) {
        this.spec = spec;
        this.around = around;
        this.intervalMillis = spec.intervalMillis() > 0
                ? spec.intervalMillis()
                : around.config().interval().toMillis();
        this.members = spec.rules().stream()
                .map(rule -> new GroupMember(rule, spec, around))
                .toList();
        this.before = before;
        this.restored = !fresh;
        if (restored) {
            alertingRules().forEach(AlertingRule::onRestored);
        }
        this.view = view(0, 0);
    }

    GroupSpec spec() {
        return spec;
    }

    long intervalMillis() {
        return intervalMillis;
    }

    GroupView view() {
        return view;
    }

    /**
     * Takes over the states of the rules that were in the file before, and what the others of them have written. Waits for
     * an evaluation of them that is under way.
     */
    synchronized void takeOver() {
        RuleGroup old = before;
        if (old == null) {
            return;
        }
        before = null;
        old.takeOver();
        synchronized (old) {
            old.ended = true;
            restored = old.restored;
            left.addAll(old.left);
            var unclaimed = new ArrayList<>(old.members);
            for (GroupMember member : members) {
                Optional<GroupMember> same =
                        unclaimed.stream().filter(member::isSame).findFirst();
                same.ifPresent(member::takeOver);
                same.ifPresent(unclaimed::remove);
            }
            unclaimed.forEach(member -> left.addAll(member.written()));
            view = view(old.view.atMillis(), old.view.tookNanos());
        }
    }

    /** Evaluates every rule as of a time. */
    synchronized void evaluate(long atMillis) throws InterruptedException {
        if (ended) {
            return;
        }
        takeOver();
        long startNanos = around.clock().nanos();
        Moment moment = moment(atMillis, startNanos);
        for (GroupMember member : members) {
            member.evaluate(moment, intervalMillis);
        }
        endLeft(moment);
        evaluations++;
        // As of the second, what alerts depend on has come in again, and been recorded.
        if (!restored && evaluations > 1) {
            restore(atMillis);
        }
        long tookNanos = around.clock().nanos() - startNanos;
        around.meters().onEvaluated(tookNanos);
        view = view(atMillis, tookNanos);
    }

    /** The series that were written last. */
    synchronized Set<Labels> written() {
        var written = new HashSet<Labels>();
        members.forEach(member -> written.addAll(member.written()));
        return written;
    }

    /** Says of every series that it has ended, for the group is not there any more, but for those that others write now. */
    synchronized void end(long atMillis, Set<Labels> elsewhere) throws InterruptedException {
        takeOver();
        ended = true;
        left.addAll(written());
        left.removeAll(elsewhere);
        store(left, moment(atMillis, around.clock().nanos()));
        left.clear();
    }

    /** Says of series of rules that are not there any more that they have ended, but for those that others write now. */
    private void endLeft(Moment moment) throws InterruptedException {
        left.removeAll(written());
        store(left, moment);
        left.clear();
    }

    private void store(Set<Labels> ends, Moment moment) throws InterruptedException {
        String error = around.store(
                ends.stream().map(labels -> GroupMember.end(labels, moment)).toList(), moment);
        if (!error.isEmpty()) {
            LOG.warn("ends of series were not all stored: file={}, group={}: {}", spec.file(), spec.name(), error);
        }
    }

    private void restore(long nowMillis) {
        for (AlertingRule rule : alertingRules()) {
            try {
                StateRestore.restore(rule, around.queries(), around.config(), nowMillis);
            } catch (RuleException e) {
                LOG.error(
                        "how long alerts were pending before the restart cannot be read: rule={}",
                        rule.spec().name(),
                        e);
            }
            rule.onRestored();
        }
        restored = true;
    }

    private List<AlertingRule> alertingRules() {
        return members.stream().flatMap(member -> member.alerting().stream()).toList();
    }

    /** Writes may be refused for one interval, all those of an evaluation together. */
    private Moment moment(long atMillis, long startNanos) {
        return new Moment(
                atMillis,
                atMillis - spec.queryOffsetMillis(),
                startNanos + TimeUnit.MILLISECONDS.toNanos(intervalMillis));
    }

    private GroupView view(long atMillis, long tookNanos) {
        List<RuleView> rules = members.stream().map(GroupMember::view).toList();
        return new GroupView(spec.file(), spec.name(), intervalMillis, spec.limit(), atMillis, tookNanos, rules);
    }
}

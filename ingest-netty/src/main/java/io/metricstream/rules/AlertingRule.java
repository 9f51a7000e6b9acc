package io.metricstream.rules;

import io.metricstream.model.Labels;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.rules.file.RuleSpec;
import io.metricstream.rules.notify.AlertMessage;
import io.metricstream.rules.template.ExpressionLinks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An alert for each series of an expression: pending while the series is there, firing once it has been for long enough,
 * inactive when it is gone, and forgotten {@link #RESOLVED_MILLIS} later, until when webhooks are told that it is resolved.
 *
 * <p>Order: until {@link #onRestored} nothing is written, so that the states of before a restart are not overwritten.
 */
@OwnedBy(Role.RULES)
final class AlertingRule implements Rule {
    static final String ALERT_NAME = "alertname";
    static final String STATE_METRIC = "ALERTS_FOR_STATE";
    private static final String ALERTS_METRIC = "ALERTS";
    private static final long RESOLVED_MILLIS = 15 * 60_000L;
    private static final long MILLIS = 1000;

    private final RuleSpec.Alerting spec;
    private final RuleQueries queries;
    private final RulesConfig config;
    private Map<Labels, ActiveAlert> active = new LinkedHashMap<>();
    private boolean restored;

    AlertingRule(RuleSpec.Alerting spec, RuleQueries queries, RulesConfig config) {
        this.spec = spec;
        this.queries = queries;
        this.config = config;
    }

    @Override
    public RuleSpec.Alerting spec() {
        return spec;
    }

    /** Takes over the alerts of a rule that this one replaces. */
    void takeOver(AlertingRule before) {
        active = before.active;
        restored = before.restored;
    }

    Collection<ActiveAlert> active() {
        return active.values();
    }

    void onRestored() {
        restored = true;
    }

    @Override
    public List<RuleSample> evaluate(Moment moment, int limit) throws RuleException, InterruptedException {
        Map<Labels, ActiveAlert> found = found(moment);
        found.forEach((labels, alert) -> active.merge(labels, alert, AlertingRule::renewed));
        active.values().removeIf(alert -> !found.containsKey(alert.labels) && isOver(alert, moment.atMillis()));
        var samples = new ArrayList<RuleSample>();
        int counted = 0;
        for (ActiveAlert alert : active.values()) {
            if (found.containsKey(alert.labels)) {
                alert.keepFiringSinceMillis = 0;
            } else if (!keepsFiring(alert, moment.atMillis())) {
                if (alert.state != AlertState.INACTIVE) {
                    alert.resolve(moment.atMillis());
                }
                continue;
            }
            counted++;
            if (alert.state == AlertState.PENDING && moment.atMillis() - alert.activeAtMillis >= spec.holdMillis()) {
                alert.fire(moment.atMillis());
            }
            if (restored) {
                addSamples(alert, moment, samples);
            }
        }
        if (limit > 0 && counted > limit) {
            active.clear();
            throw new RuleException("exceeded limit of " + limit + " with " + counted + " alerts");
        }
        return samples;
    }

    /** What webhooks are to be told now. */
    List<AlertMessage> messages(long nowMillis, long intervalMillis) {
        String url = config.externalUrl() + ExpressionLinks.table(spec.expr().toString());
        long resendMillis = config.delays().resend().toMillis();
        var messages = new ArrayList<AlertMessage>();
        for (ActiveAlert alert : active.values()) {
            if (alert.takeTurnToSend(nowMillis, resendMillis, intervalMillis)) {
                messages.add(alert.message(config.externalLabels(), url));
            }
        }
        return messages;
    }

    @Override
    public RuleView view(RuleView.Outcome outcome) {
        List<AlertView> alerts = active.values().stream()
                .filter(alert -> alert.state != AlertState.INACTIVE)
                .map(ActiveAlert::view)
                .sorted(Comparator.comparing(AlertView::labels))
                .toList();
        return new RuleView(
                RuleView.Kind.ALERTING,
                spec.name(),
                spec.expr().toString(),
                texts(spec.labels()),
                new RuleView.Alerting(spec.holdMillis(), spec.keepFiringMillis(), texts(spec.annotations()), alerts),
                outcome);
    }

    private Map<Labels, ActiveAlert> found(Moment moment) throws RuleException, InterruptedException {
        var found = new LinkedHashMap<Labels, ActiveAlert>();
        for (ResultSeries series : queries.at(spec.expr().toString(), moment.queryMillis())) {
            AlertTexts texts = AlertTexts.of(series, moment, queries, config);
            Map<String, String> map = LabelMaps.of(series.labels());
            map.remove(Labels.NAME);
            map.putAll(texts.expand(spec.labels()));
            map.put(ALERT_NAME, spec.name());
            Labels labels = Labels.of(map);
            var alert = new ActiveAlert(labels, texts.expand(spec.annotations()), series.value(0), moment.atMillis());
            if (found.put(labels, alert) != null) {
                throw new RuleException("vector contains metrics with the same labelset after applying alert labels");
            }
        }
        // A query of a template that was given up would have made other labels, and other alerts.
        queries.checkNotCancelled();
        return found;
    }

    /** One that was resolved begins anew; another goes on with what is found now. */
    private static ActiveAlert renewed(ActiveAlert before, ActiveAlert found) {
        if (before.state == AlertState.INACTIVE) {
            return found;
        }
        before.value = found.value;
        before.annotations = found.annotations;
        return before;
    }

    /** Whether an alert whose series is gone can be forgotten. */
    private static boolean isOver(ActiveAlert alert, long nowMillis) {
        return alert.state == AlertState.PENDING
                || (alert.resolvedAtMillis > 0 && nowMillis - alert.resolvedAtMillis > RESOLVED_MILLIS);
    }

    /** Whether an alert fires on without its series. */
    private boolean keepsFiring(ActiveAlert alert, long nowMillis) {
        if (alert.state != AlertState.FIRING || spec.keepFiringMillis() == 0) {
            return false;
        }
        if (alert.keepFiringSinceMillis == 0) {
            alert.keepFiringSinceMillis = nowMillis;
        }
        return nowMillis - alert.keepFiringSinceMillis < spec.keepFiringMillis();
    }

    private static void addSamples(ActiveAlert alert, Moment moment, List<RuleSample> samples) {
        Labels alerts = LabelMaps.with(alert.labels, Labels.NAME, ALERTS_METRIC);
        Labels state = LabelMaps.with(alert.labels, Labels.NAME, STATE_METRIC);
        samples.add(new RuleSample(LabelMaps.with(alerts, "alertstate", alert.state.text()), moment.queryMillis(), 1));
        samples.add(new RuleSample(state, moment.queryMillis(), Math.floorDiv(alert.activeAtMillis, MILLIS)));
    }

    private static Map<String, String> texts(Map<String, ?> templates) {
        var texts = new LinkedHashMap<String, String>();
        templates.keySet().stream().sorted().forEach(name -> texts.put(name, String.valueOf(templates.get(name))));
        return texts;
    }
}

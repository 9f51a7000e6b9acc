package io.metricstream.api;

import io.metricstream.http.ApiPage;
import io.metricstream.http.ApiRequest;
import io.metricstream.rules.AlertState;
import io.metricstream.rules.AlertView;
import io.metricstream.rules.GroupView;
import io.metricstream.rules.RuleView;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/** Tells the groups of rules, with what their last evaluation came to, as far as the request selects them. */
final class RulesPage implements ApiPage {
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1000;

    private final Supplier<List<GroupView>> groups;

    RulesPage(Supplier<List<GroupView>> groups) {
        this.groups = groups;
    }

    @Override
    public void answer(ApiRequest request, OutputStream out) {
        RuleFilter filter = RuleFilter.of(request.parameters());
        GroupPage page = GroupPage.of(filter.select(groups.get()), request.parameters());
        JsonReply.writePlain(out, json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("groups");
            page.groups().forEach(group -> write(group, filter.withAlerts(), json));
            json.writeEndArray();
            if (!page.nextToken().isEmpty()) {
                json.writeStringProperty("groupNextToken", page.nextToken());
            }
            json.writeEndObject();
        });
    }

    private static void write(GroupView group, boolean withAlerts, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("name", group.name());
        json.writeStringProperty("file", group.file());
        json.writeArrayPropertyStart("rules");
        for (RuleView rule : group.rules()) {
            write(rule, withAlerts, json);
        }
        json.writeEndArray();
        json.writeNumberProperty("interval", group.intervalMillis() / MILLIS);
        json.writeNumberProperty("limit", group.limit());
        json.writeNumberProperty("evaluationTime", group.tookNanos() / NANOS);
        json.writeStringProperty("lastEvaluation", AlertsPage.time(group.atMillis()));
        json.writeEndObject();
    }

    private static void write(RuleView rule, boolean withAlerts, JsonGenerator json) {
        boolean alerting = rule.kind() == RuleView.Kind.ALERTING;
        json.writeStartObject();
        if (alerting) {
            json.writeStringProperty("state", state(rule.alerting().alerts()).text());
        }
        json.writeStringProperty("name", rule.name());
        json.writeStringProperty("query", rule.query());
        if (alerting) {
            json.writeNumberProperty("duration", rule.alerting().holdMillis() / MILLIS);
            json.writeNumberProperty("keepFiringFor", rule.alerting().keepFiringMillis() / MILLIS);
        }
        if (alerting || !rule.labels().isEmpty()) {
            AlertsPage.writeTexts("labels", rule.labels(), json);
        }
        if (alerting) {
            AlertsPage.writeTexts("annotations", rule.alerting().annotations(), json);
            AlertsPage.writeAlerts(withAlerts ? rule.alerting().alerts() : List.of(), json);
        }
        RuleView.Outcome outcome = rule.outcome();
        json.writeStringProperty("health", outcome.health());
        if (!outcome.error().isEmpty()) {
            json.writeStringProperty("lastError", outcome.error());
        }
        json.writeNumberProperty("evaluationTime", outcome.tookNanos() / NANOS);
        json.writeStringProperty("lastEvaluation", AlertsPage.time(outcome.atMillis()));
        json.writeStringProperty("type", alerting ? "alerting" : "recording");
        json.writeEndObject();
    }

    private static AlertState state(List<AlertView> alerts) {
        return alerts.stream()
                .map(AlertView::state)
                .max(Comparator.naturalOrder())
                .orElse(AlertState.INACTIVE);
    }
}

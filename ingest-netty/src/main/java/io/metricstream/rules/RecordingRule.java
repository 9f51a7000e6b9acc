package io.metricstream.rules;

import io.metricstream.model.Labels;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.rules.file.RuleSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Writes what its expression comes to under its own name and labels. Immutable. */
final class RecordingRule implements Rule {
    private final RuleSpec.Recording spec;
    private final RuleQueries queries;

    RecordingRule(RuleSpec.Recording spec, RuleQueries queries) {
        this.spec = spec;
        this.queries = queries;
    }

    @Override
    public RuleSpec spec() {
        return spec;
    }

    @Override
    public List<RuleSample> evaluate(Moment moment, int limit) throws RuleException, InterruptedException {
        var samples = new ArrayList<RuleSample>();
        var seen = new HashSet<Labels>();
        for (ResultSeries series : queries.at(spec.expr().toString(), moment.queryMillis())) {
            Map<String, String> map = LabelMaps.of(series.labels());
            map.putAll(spec.labels());
            map.put(Labels.NAME, spec.name());
            Labels labels = Labels.of(map);
            if (!seen.add(labels)) {
                throw new RuleException("vector contains metrics with the same labelset after applying rule labels");
            }
            samples.add(new RuleSample(labels, moment.queryMillis(), series.value(0)));
        }
        if (limit > 0 && samples.size() > limit) {
            throw new RuleException("exceeded limit of " + limit + " with " + samples.size() + " series");
        }
        return samples;
    }

    @Override
    public RuleView view(RuleView.Outcome outcome) {
        return new RuleView(
                RuleView.Kind.RECORDING,
                spec.name(),
                spec.expr().toString(),
                spec.labels(),
                RuleView.Alerting.NONE,
                outcome);
    }
}

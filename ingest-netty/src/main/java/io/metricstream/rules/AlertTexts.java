package io.metricstream.rules;

import io.metricstream.model.Labels;
import io.metricstream.promql.engine.ResultSeries;
import io.metricstream.rules.template.Template;
import io.metricstream.rules.template.TemplateData;
import io.metricstream.rules.template.TemplateException;
import io.metricstream.rules.template.TemplateSample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Expands the templates of one alert at one evaluation. A template that fails gives a text that says so. */
final class AlertTexts {
    private final TemplateData data;

    private AlertTexts(TemplateData data) {
        this.data = data;
    }

    static AlertTexts of(ResultSeries series, Moment moment, RuleQueries queries, RulesConfig config) {
        var data = new TemplateData(
                LabelMaps.of(series.labels()),
                series.value(0),
                config.externalLabels(),
                config.externalUrl(),
                moment.atMillis(),
                expression -> query(queries, expression, moment.atMillis()));
        return new AlertTexts(data);
    }

    Map<String, String> expand(Map<String, Template> templates) {
        var texts = new LinkedHashMap<String, String>();
        templates.forEach((name, template) -> texts.put(name, expand(template)));
        return texts;
    }

    private String expand(Template template) {
        try {
            return template.expand(data);
        } catch (TemplateException e) {
            return "<error expanding template: " + e.getMessage() + ">";
        }
    }

    private static List<TemplateSample> query(RuleQueries queries, String expression, long timeMillis)
            throws TemplateException {
        var samples = new ArrayList<TemplateSample>();
        try {
            for (ResultSeries series : queries.at(expression, timeMillis)) {
                Labels labels = series.labels();
                samples.add(new TemplateSample(LabelMaps.of(labels), series.value(0)));
            }
        } catch (RuleException e) {
            throw new TemplateException("error executing query: " + e.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new TemplateException("error executing query: " + stopped.getMessage());
        }
        return samples;
    }
}

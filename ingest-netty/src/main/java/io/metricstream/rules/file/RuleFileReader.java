package io.metricstream.rules.file;

import io.metricstream.model.Labels;
import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.ParseException;
import io.metricstream.promql.parse.PromParser;
import io.metricstream.rules.template.Template;
import io.metricstream.rules.template.TemplateException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one file of rules: the fields that Prometheus knows and no others, every expression and template checked. */
final class RuleFileReader {
    private static final Set<String> FILE = Set.of("groups");
    private static final Set<String> GROUP = Set.of("name", "interval", "query_offset", "limit", "labels", "rules");
    private static final Set<String> RULE =
            Set.of("record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations");

    private final String file;

    private RuleFileReader(String file) {
        this.file = file;
    }

    /** The groups of a file, whose text is given. */
    static List<GroupSpec> read(String file, String yaml) throws RuleFileException {
        Optional<YamlNode> document = YamlReader.read(file, yaml);
        return document.isEmpty() ? List.of() : new RuleFileReader(file).groups(document.get());
    }

    private List<GroupSpec> groups(YamlNode document) throws RuleFileException {
        var groups = new ArrayList<GroupSpec>();
        var names = new HashSet<String>();
        for (YamlNode node : new Fields(file, document, FILE).list("groups")) {
            var fields = new Fields(file, node, GROUP);
            String name = fields.single("name");
            if (name.isEmpty()) {
                throw fields.problem("name", "a group wants a name");
            }
            if (!names.add(name)) {
                throw fields.problem("name", "group " + name + " is repeated in the same file");
            }
            groups.add(group(name, fields));
        }
        return groups;
    }

    private GroupSpec group(String name, Fields fields) throws RuleFileException {
        Map<String, String> labels = labels(fields, "group " + name);
        var rules = new ArrayList<RuleSpec>();
        for (YamlNode node : fields.list("rules")) {
            rules.add(rule(new Fields(file, node, RULE), labels));
        }
        return new GroupSpec(
                file, name, fields.millis("interval"), fields.count("limit"), fields.millis("query_offset"), rules);
    }

    private RuleSpec rule(Fields fields, Map<String, String> groupLabels) throws RuleFileException {
        boolean records = fields.has("record");
        if (records == fields.has("alert")) {
            throw fields.problem(
                    "record",
                    records ? "only one of record and alert may be set" : "one of record and alert must be set");
        }
        String name = fields.single(records ? "record" : "alert");
        Expr expr = expr(fields, name);
        var labels = new LinkedHashMap<>(groupLabels);
        labels.putAll(labels(fields, name));
        return records ? recording(name, expr, labels, fields) : alerting(name, expr, labels, fields);
    }

    private RuleSpec recording(String name, Expr expr, Map<String, String> labels, Fields fields)
            throws RuleFileException {
        for (String field : List.of("for", "keep_firing_for")) {
            if (fields.millis(field) != 0) {
                throw fields.problem(field, name + ": invalid field " + field + " in a recording rule");
            }
        }
        if (!fields.texts("annotations").isEmpty()) {
            throw fields.problem("annotations", name + ": invalid field annotations in a recording rule");
        }
        if (name.contains("{") || name.contains("}")) {
            throw fields.problem("record", "invalid recording rule name: " + name);
        }
        return new RuleSpec.Recording(name, expr, labels);
    }

    private RuleSpec alerting(String name, Expr expr, Map<String, String> labels, Fields fields)
            throws RuleFileException {
        Map<String, String> annotations = fields.texts("annotations");
        for (String annotation : annotations.keySet()) {
            if (annotation.isEmpty()) {
                throw fields.problem("annotations", name + ": invalid annotation name: \"\"");
            }
        }
        return new RuleSpec.Alerting(
                name,
                expr,
                fields.millis("for"),
                fields.millis("keep_firing_for"),
                templates(labels, "labels", name, fields),
                templates(annotations, "annotations", name, fields));
    }

    private static Expr expr(Fields fields, String name) throws RuleFileException {
        String text = fields.single("expr");
        if (text.isEmpty()) {
            throw fields.problem("expr", name + ": field expr must be set");
        }
        try {
            return PromParser.parse(text);
        } catch (ParseException e) {
            throw fields.problem("expr", name + ": could not parse expression: " + e.getMessage());
        }
    }

    private static Map<String, String> labels(Fields fields, String of) throws RuleFileException {
        Map<String, String> labels = fields.texts("labels");
        for (String label : labels.keySet()) {
            if (label.isEmpty() || label.equals(Labels.NAME)) {
                throw fields.problem("labels", of + ": invalid label name: " + label);
            }
        }
        return labels;
    }

    private static Map<String, Template> templates(Map<String, String> texts, String field, String name, Fields fields)
            throws RuleFileException {
        var templates = new LinkedHashMap<String, Template>();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            try {
                templates.put(text.getKey(), Template.parse(text.getValue()));
            } catch (TemplateException e) {
                throw fields.problem(field, name + ": " + field + ": " + text.getKey() + ": " + e.getMessage());
            }
        }
        return templates;
    }
}

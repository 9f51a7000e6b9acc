package io.metricstream.rules.template;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.ArrayList;
import java.util.List;

/** The state of one expansion: what was written, what the dot is, and the variables in sight. Lives inside one call. */
@OwnedBy(Role.RULES)
final class Expansion {
    private record Variable(String name, Object value) {}

    private final TemplateData data;
    private final StringBuilder out = new StringBuilder();
    private final List<Variable> variables = new ArrayList<>();
    private Object dot;

    Expansion(TemplateData data) {
        this.data = data;
        this.dot = data;
        declare("$", data);
        declare("$labels", data.labels());
        declare("$value", data.value());
        declare("$externalLabels", data.externalLabels());
        declare("$externalURL", data.externalUrl());
    }

    TemplateData data() {
        return data;
    }

    Object dot() {
        return dot;
    }

    void dot(Object value) {
        dot = value;
    }

    /** Marks what variables there are, for {@link #forget}. */
    int known() {
        return variables.size();
    }

    /** Takes those declared since out of sight. */
    void forget(int known) {
        variables.subList(known, variables.size()).clear();
    }

    void declare(String name, Object value) {
        variables.add(new Variable(name, value));
    }

    /** Gives the nearest variable of this name another value. */
    void assign(String name, Object value) {
        variables.set(indexOf(name), new Variable(name, value));
    }

    Object variable(String name) {
        return variables.get(indexOf(name)).value();
    }

    void write(String text) throws TemplateException {
        if (out.length() + text.length() > Template.MOST_CHARS) {
            throw new TemplateException("template: the result is longer than " + Template.MOST_CHARS + " characters");
        }
        out.append(text);
    }

    String result() {
        return out.toString();
    }

    private int indexOf(String name) {
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalStateException("a variable that the parser let through: " + name);
    }
}

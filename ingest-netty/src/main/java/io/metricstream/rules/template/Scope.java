package io.metricstream.rules.template;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.ArrayList;
import java.util.List;

/** The names of the variables that are in sight while a text is parsed. Lives inside one parse. */
@OwnedBy(Role.RULES)
final class Scope {
    private final List<String> names =
            new ArrayList<>(List.of("$", "$labels", "$value", "$externalLabels", "$externalURL"));

    int size() {
        return names.size();
    }

    void add(String name) {
        names.add(name);
    }

    boolean has(String name) {
        return names.contains(name);
    }

    void cut(int size) {
        names.subList(size, names.size()).clear();
    }
}

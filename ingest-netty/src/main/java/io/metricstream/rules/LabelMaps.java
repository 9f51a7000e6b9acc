package io.metricstream.rules;

import io.metricstream.model.Labels;
import java.util.LinkedHashMap;
import java.util.Map;

/** Labels as maps that can be changed. Stateless. */
final class LabelMaps {
    private LabelMaps() {}

    static Map<String, String> of(Labels labels) {
        var map = new LinkedHashMap<String, String>();
        for (int i = 0; i < labels.size(); i++) {
            map.put(labels.name(i), labels.value(i));
        }
        return map;
    }

    static Labels with(Labels labels, String name, String value) {
        Map<String, String> map = of(labels);
        map.put(name, value);
        return Labels.of(map);
    }
}

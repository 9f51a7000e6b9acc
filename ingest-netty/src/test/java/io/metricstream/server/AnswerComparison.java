package io.metricstream.server;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares two servers' answers to the same query: series by their labels, points by their times. */
final class AnswerComparison {
    /** Neither answered. */
    static final String BOTH_REFUSED = "both refused";

    private static final double TOLERANCE = 1e-9;
    private static final JsonMapper JSON = new JsonMapper();

    private AnswerComparison() {}

    /** What is not the same; null where all is, {@link #BOTH_REFUSED} where there is nothing to compare. */
    static @Nullable String difference(HttpResponse<String> ours, HttpResponse<String> reference) {
        JsonNode found = JSON.readTree(ours.body());
        JsonNode wanted = JSON.readTree(reference.body());
        boolean refused = found.get("status").asString().equals("error");
        boolean wantedRefused = wanted.get("status").asString().equals("error");
        if (refused && wantedRefused) {
            return BOTH_REFUSED;
        }
        if (refused) {
            return "refused: " + found.get("error").asString();
        }
        if (wantedRefused) {
            return "not refused: " + wanted.get("error").asString();
        }
        return difference(found.get("data"), wanted.get("data"));
    }

    private static @Nullable String difference(JsonNode found, JsonNode wanted) {
        String type = wanted.get("resultType").asString();
        if (!found.get("resultType").asString().equals(type)) {
            return "type " + found.get("resultType") + ", wanted " + type;
        }
        if (type.equals("scalar")) {
            return points(found.get("result"), wanted.get("result"));
        }
        Map<String, JsonNode> ours = bySeries(found.get("result"));
        Map<String, JsonNode> theirs = bySeries(wanted.get("result"));
        if (!ours.keySet().equals(theirs.keySet())) {
            return "series " + ours.keySet() + ", wanted " + theirs.keySet();
        }
        for (Map.Entry<String, JsonNode> series : theirs.entrySet()) {
            String difference = series(ours.get(series.getKey()), series.getValue());
            if (difference != null) {
                return series.getKey() + ": " + difference;
            }
        }
        return null;
    }

    private static Map<String, JsonNode> bySeries(JsonNode result) {
        Map<String, JsonNode> series = new TreeMap<>();
        for (JsonNode one : result) {
            Map<String, String> labels = new TreeMap<>();
            one.get("metric").forEachEntry((name, value) -> labels.put(name, value.asString()));
            series.put(labels.toString(), one);
        }
        return series;
    }

    private static @Nullable String series(JsonNode found, JsonNode wanted) {
        if (wanted.has("value")) {
            return points(found.get("value"), wanted.get("value"));
        }
        JsonNode ours = found.get("values");
        JsonNode theirs = wanted.get("values");
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            String difference = points(ours.get(i), theirs.get(i));
            if (difference != null) {
                return difference;
            }
        }
        return ours.size() == theirs.size() ? null : ours.size() + " points, wanted " + theirs.size();
    }

    private static @Nullable String points(JsonNode found, JsonNode wanted) {
        boolean same = found.get(0).asDouble() == wanted.get(0).asDouble()
                && isSame(number(found.get(1).asString()), number(wanted.get(1).asString()));
        return same ? null : "found " + found + ", wanted " + wanted;
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace("Inf", "Infinity"));
    }

    private static boolean isSame(double found, double wanted) {
        double larger = Math.max(Math.abs(found), Math.abs(wanted));
        return Double.compare(found, wanted) == 0
                || (Double.isFinite(larger) && Math.abs(found - wanted) <= TOLERANCE * larger);
    }
}

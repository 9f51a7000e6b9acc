package io.metricstream.promql.engine;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.parse.Position;
import io.metricstream.promql.text.GoNumber;
import io.metricstream.promql.text.GoText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is to be said about a result besides it: warnings and infos, each once, with where in the query it arose. */
@OwnedBy(Role.QUERY)
final class Annotations {
    private static final String WARNING = "PromQL warning: ";
    private static final String INFO = "PromQL info: ";

    private final Map<String, Position> placed = new LinkedHashMap<>();
    private final Map<String, Repair> repairs = new LinkedHashMap<>();

    void invalidQuantile(double q, Position position) {
        warn("quantile value should be between 0 and 1, got " + GoNumber.general(q), position);
    }

    void invalidRatio(double ratio, double used, Position position) {
        warn(
                "ratio value should be between -1 and 1, got " + GoNumber.general(ratio) + ", capping to "
                        + GoNumber.general(used),
                position);
    }

    void badBucketLabel(String metric, String label, Position position) {
        String named = metric.isEmpty() ? "" : " for metric name " + GoText.quote(metric);
        warn("bucket label \"le\" is missing or has a malformed value of " + GoText.quote(label) + named, position);
    }

    void sortInRange(Position position) {
        warn("sort is ineffective for range queries since results are always ordered by labels", position);
    }

    void possiblyNoCounter(String metric, Position position) {
        info(
                "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "
                        + GoText.quote(metric),
                position);
    }

    /** Counts of a histogram's buckets fell and were held. */
    void repaired(String metric, Position position, long timeMillis, double[] lowHighLargest) {
        String named = metric.isEmpty() ? "" : " for metric name " + GoText.quote(metric);
        String key = INFO + "input to histogram_quantile needed to be fixed for monotonicity (see "
                + "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)" + named;
        repairs.computeIfAbsent(key, any -> new Repair(position)).add(timeMillis, lowHighLargest);
    }

    private void warn(String text, Position position) {
        placed.put(WARNING + text, position);
    }

    private void info(String text, Position position) {
        placed.put(INFO + text, position);
    }

    List<String> warnings(String query) {
        return texts(query, WARNING);
    }

    List<String> infos(String query) {
        List<String> texts = texts(query, INFO);
        repairs.forEach((text, repair) -> texts.add(text + repair.text(query)));
        return texts;
    }

    private List<String> texts(String query, String kind) {
        var texts = new ArrayList<String>();
        placed.forEach((text, position) -> {
            if (text.startsWith(kind)) {
                texts.add(text + " (" + position.lineAndColumn(query) + ")");
            }
        });
        return texts;
    }

    private static final class Repair {
        private final Position position;
        private long firstMillis = Long.MAX_VALUE;
        private long lastMillis = Long.MIN_VALUE;
        private double lowest = Double.POSITIVE_INFINITY;
        private double highest = Double.NEGATIVE_INFINITY;
        private double largest;
        private int count;

        Repair(Position position) {
            this.position = position;
        }

        void add(long timeMillis, double[] lowHighLargest) {
            firstMillis = Math.min(firstMillis, timeMillis);
            lastMillis = Math.max(lastMillis, timeMillis);
            lowest = Math.min(lowest, lowHighLargest[0]);
            highest = Math.max(highest, lowHighLargest[1]);
            largest = Math.max(largest, lowHighLargest[2]);
            count++;
        }

        String text(String query) {
            return ", from buckets " + GoNumber.general(lowest) + " to " + GoNumber.general(highest)
                    + ", with a max diff of " + GoNumber.general(largest, 2) + ", over " + count + " samples from "
                    + time(firstMillis) + " to " + time(lastMillis) + " (" + position.lineAndColumn(query) + ")";
        }

        private static String time(long millis) {
            return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
        }
    }
}

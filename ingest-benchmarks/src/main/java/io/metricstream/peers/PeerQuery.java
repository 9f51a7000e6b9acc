package io.metricstream.peers;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A question that both servers are asked.
 *
 * @param name what it is about
 * @param expression understood alike by both
 */
record PeerQuery(String name, String expression) {
    private static final double MILLIS = 1000;

    /** The shapes of queries that dashboards and rules are made of. */
    static final List<PeerQuery> ALL = List.of(
            new PeerQuery("one series", "cpu_usage_user{host=\"host_17\"}"),
            new PeerQuery("sum of rates by region", "sum by (region) (rate(cpu_bytes_in[5m]))"),
            new PeerQuery("averages by host", "avg by (host) (avg_over_time(cpu_usage_user[5m]))"),
            new PeerQuery("five largest rates", "topk(5, rate(cpu_bytes_in[5m]))"),
            new PeerQuery("join of 1000 and 1000", "cpu_bytes_in / on (host) cpu_bytes_out"),
            new PeerQuery("quantile by region", "quantile by (region) (0.9, cpu_usage_user)"),
            new PeerQuery("sum of all by a pattern", "sum({__name__=~\"cpu_.*\"})"),
            new PeerQuery("count of all samples", "sum(count_over_time({__name__=~\"cpu_.*\"}[5m]))"),
            new PeerQuery("the same over 50 minutes", "sum(count_over_time({__name__=~\"cpu_.*\"}[50m]))"),
            new PeerQuery("largest of 50 minutes", "max(max_over_time({__name__=~\"cpu_.*\"}[50m]))"),
            new PeerQuery("1000 series as they are", "cpu_usage_user"));

    /** At one moment. */
    String instant(long millis) {
        return "/api/v1/query?query=" + encoded() + "&time=" + millis / MILLIS;
    }

    /** Over a range. */
    String range(long fromMillis, long toMillis, long stepMillis) {
        return "/api/v1/query_range?query=" + encoded() + "&start=" + fromMillis / MILLIS + "&end=" + toMillis / MILLIS
                + "&step=" + stepMillis / MILLIS;
    }

    private String encoded() {
        return URLEncoder.encode(expression, StandardCharsets.UTF_8);
    }
}

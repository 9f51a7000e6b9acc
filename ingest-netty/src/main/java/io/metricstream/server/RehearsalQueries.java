package io.metricstream.server;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The queries that the rehearsal asks of a {@link RehearsalStore}: what dashboards and rules ask, over a range and at a
 * moment, most often a few series as they are; and faults in between, see {@link RehearsalScript}.
 */
@OwnedBy(Role.REHEARSAL)
final class RehearsalQueries {
    private static final int STEP_SECONDS = 15;
    private static final int MILLIS = 1000;

    /** So often comes a query that is none of one series. */
    private static final int OTHER_EVERY = 4;

    /** What different clients send beside. */
    private static final List<String> ACCEPTS = List.of(
            "Accept-Encoding: gzip\r\n",
            "Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2\r\nConnection: keep-alive\r\n",
            "Accept: application/json\r\n",
            "Accept: */*\r\nAccept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\n",
            "");

    private static final List<String> OTHERS = List.of(
            "sum by (region) (rate(rehearsal_total[5m]))",
            "avg by (host) (avg_over_time(rehearsal_usage[5m]))",
            "1 + 1",
            "topk(5, rate(rehearsal_total[5m]))",
            "rehearsal_total / on (host) rehearsal_usage",
            "quantile by (region) (0.9, rehearsal_usage)",
            "sum({__name__=~\"rehearsal_.*\",host!=\"host_1\"})",
            "sum(count_over_time({__name__=~\"rehearsal_.*\"}[20m]))",
            "rehearsal_usage",
            "max by (os) (rehearsal_usage > 50) or vector(0)",
            "rehearsal_nothing",
            "increase(rehearsal_total{region=~\"region-1|region-2\"}[1m] offset 5m) * 60",
            "max_over_time(deriv(rehearsal_usage{host=\"host_3\"}[2m])[10m:1m])");

    private final String head;
    private final long endMillis;
    private int turn;

    /** @param endMillis the time of the store's newest samples */
    RehearsalQueries(String key, long endMillis) {
        this.head = "\r\nHost: localhost\r\nUser-Agent: rehearsal\r\nAuthorization: Bearer " + key + "\r\n";
        this.endMillis = endMillis;
    }

    /** The next query. */
    RehearsalRequest next() {
        int now = turn++;
        int pair = now / 2;
        String metric = pair % 3 == 0 ? RehearsalStore.COUNTER : RehearsalStore.GAUGE;
        String query = metric + "{host=\"host_" + pair % RehearsalStore.HOSTS + "\"}";
        if (pair % OTHER_EVERY == OTHER_EVERY - 1) {
            int other = pair / OTHER_EVERY % (OTHERS.size() + 1);
            if (other == OTHERS.size()) {
                return request("GET", "/api/v1/query?query=sum(", "", "", 400);
            }
            query = OTHERS.get(other);
        }
        String encoded = "query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
        String asked = now % 2 == 0 ? range(encoded) : moment(encoded);
        String path = now % 2 == 0 ? "/api/v1/query_range" : "/api/v1/query";
        String accepts = ACCEPTS.get(pair % ACCEPTS.size());
        return pair % 7 == 0
                ? request("POST", path, accepts + "Content-Type: application/x-www-form-urlencoded\r\n", asked, 200)
                : request("GET", path + "?" + asked, accepts, "", 200);
    }

    private String range(String query) {
        long span = (long) RehearsalStore.INTERVAL_MILLIS * RehearsalStore.POINTS;
        return query + "&start=" + seconds(endMillis - span) + "&end=" + seconds(endMillis) + "&step=" + STEP_SECONDS;
    }

    private String moment(String query) {
        return query + "&time=" + seconds(endMillis);
    }

    private static double seconds(long millis) {
        return millis / (double) MILLIS;
    }

    private RehearsalRequest request(String method, String target, String headers, String body, int status) {
        String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
        String text = method + " " + target + " HTTP/1.1" + head + headers + length + "\r\n" + body;
        return new RehearsalRequest(text.getBytes(StandardCharsets.US_ASCII), status);
    }
}

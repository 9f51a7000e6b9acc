package io.metricstream.http;

import java.util.List;
import java.util.Locale;

/**
 * The forms in which the server's statistics are served, by preference where a client has none: JSON to people and
 * programs, an exposition to scrapers, which name it.
 */
enum StatsFormat {
    JSON("application/json", "application/json"),
    OPENMETRICS("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
    PROMETHEUS("text/plain", "text/plain; version=0.0.4; charset=utf-8");

    /** How much closer a range that names the type is than one that does not, next to a quality of 0 to 1000. */
    private static final int NAMED = 2;

    private static final int HALF_NAMED = 1;

    private final String mediaType;
    private final String contentType;

    StatsFormat(String mediaType, String contentType) {
        this.mediaType = mediaType;
        this.contentType = contentType;
    }

    /** For the {@code Content-Type} header. */
    String contentType() {
        return contentType;
    }

    /**
     * What the values of {@code Accept} ask for (RFC 9110 section 12.5.1): the greatest quality wins, then the range that
     * names its type, then the order here. JSON where nothing of ours is asked for, as a 406 would help nobody.
     */
    static StatsFormat of(List<String> accepts) {
        StatsFormat best = JSON;
        int bestRank = JSON.rank(accepts);
        for (StatsFormat format : values()) {
            int rank = format.rank(accepts);
            if (rank > bestRank) {
                best = format;
                bestRank = rank;
            }
        }
        return best;
    }

    /** The quality of the closest range times three, plus how close it is; 0 where this form is not wanted. */
    private int rank(List<String> accepts) {
        int closest = -1;
        int quality = 0;
        for (String accept : accepts) {
            for (String range : accept.split(",", -1)) {
                String[] parts = range.split(";", -1);
                int closeness = closeness(parts[0].trim().toLowerCase(Locale.ROOT));
                int found = Quality.of(parts);
                if (closeness > closest || (closeness == closest && found > quality)) {
                    closest = closeness;
                    quality = closeness < 0 ? 0 : found;
                }
            }
        }
        return quality == 0 ? 0 : quality * (NAMED + 1) + closest;
    }

    private int closeness(String range) {
        if (range.equals(mediaType)) {
            return NAMED;
        }
        if (range.endsWith("/*") && range.regionMatches(0, mediaType, 0, range.length() - 1)) {
            return HALF_NAMED;
        }
        return range.equals("*/*") ? 0 : -1;
    }
}

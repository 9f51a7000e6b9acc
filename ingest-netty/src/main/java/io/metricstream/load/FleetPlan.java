package io.metricstream.load;

/**
 * Which fleet.
 *
 * @param hosts each with all metrics of {@link FleetMetric}
 * @param seed the same seed gives the same names, tags and values
 */
public record FleetPlan(int hosts, long seed) {
    static final int MOST_HOSTS = 100_000;

    public FleetPlan {
        if (hosts < 1 || hosts > MOST_HOSTS) {
            throw new IllegalArgumentException("hosts: found " + hosts + ", wanted 1 to " + MOST_HOSTS);
        }
    }

    /** How many series the fleet has. */
    public long series() {
        return (long) hosts * FleetMetric.ALL.size();
    }
}

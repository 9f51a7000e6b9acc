package io.metricstream.limit;

import java.util.Map;

/** The limits in force: those of the clients that are named, and those of everybody else. Replaced as a whole. */
record RateRules(RateLimits defaults, Map<String, RateLimits> named) {
    RateRules {
        named = Map.copyOf(named);
    }

    RateLimits limitsOf(String name) {
        return named.getOrDefault(name, defaults);
    }
}

package io.metricstream.config;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody meant. */
final class NearestName {
    private NearestName() {}

    /** The candidate that the fewest edits lead to, unless even that takes more than about a third of its length. */
    static Optional<String> to(String found, Collection<String> candidates) {
        String best = "";
        int fewest = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int edits = lastPartEquals(found, candidate) ? 1 : edits(found, candidate);
            if (edits < fewest) {
                fewest = edits;
                best = candidate;
            }
        }
        return fewest <= Math.max(2, best.length() / 3) ? Optional.of(best) : Optional.empty();
    }

    /** {@code port} means {@code http.port}. */
    private static boolean lastPartEquals(String found, String candidate) {
        return candidate.endsWith("." + found);
    }

    /** Levenshtein's distance. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}

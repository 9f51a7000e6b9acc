package io.metricstream.http;

/** How much a client wants one of several things that it names (RFC 9110 section 12.4.2). Stateless. */
final class Quality {
    private static final int FULL = 1000;

    private Quality() {}

    /**
     * From 0, which is not at all, to 1000; that too where nothing is said of it, or nothing that can be read.
     *
     * @param parts what stands between semicolons, of which the first is what is wanted
     */
    static int of(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim();
            if (parameter.regionMatches(true, 0, "q=", 0, 2)) {
                try {
                    double q = Double.parseDouble(parameter.substring(2).trim());
                    return (int) (Math.max(0, Math.min(1, q)) * FULL);
                } catch (NumberFormatException e) {
                    return FULL;
                }
            }
        }
        return FULL;
    }
}

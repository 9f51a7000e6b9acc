package io.metricstream.load;

import java.util.Locale;

/**
 * Whether the server counts what it has acknowledged.
 *
 * <p>The server must count every acknowledged sample. It may count more: those of requests that got no answer, and those
 * of other writers. So its count for the clients of this run, which nobody else writes as, decides where it tells them all
 * apart; its count of all samples decides where it does not.
 *
 * @param good false where samples are missing or too many, and where nothing could be compared
 * @param text the verdict as a sentence for the user
 */
record Comparison(boolean good, String text) {
    static Comparison of(
            long acknowledged, long unknown, boolean namesAreShared, ServerCounts before, ServerCounts after) {
        String start = format("acknowledged %,d samples", acknowledged)
                + (unknown == 0 ? "" : format(" (and %,d in requests without an answer, stored or not)", unknown));
        if (before.startedMillis() != after.startedMillis()) {
            return new Comparison(
                    false,
                    start + ", but the server was restarted meanwhile and counts anew: nothing could be compared");
        }
        long most = acknowledged + unknown;
        long all = after.stored() - before.stored();
        long own = after.storedForClientsSince(before);
        if (all < acknowledged) {
            return mismatch(start, all, format("%,d acknowledged samples are missing", acknowledged - all));
        }
        if (own > most && !namesAreShared) {
            return mismatch(start, own, format("%,d samples too many for the clients of this run", own - most));
        }
        if (acknowledged == 0) {
            return new Comparison(false, start + ": nothing was stored for sure, so nothing could be compared");
        }
        if (own >= acknowledged && own <= most) {
            return match(start, own, others(all - own));
        }
        if (own < acknowledged && all <= most) {
            return match(start, all, "");
        }
        long counted = own > most ? own : all;
        String whose = own > most
                ? "with the same keys"
                : "(it does not tell all clients of this run apart: rate-limit.max-clients, rate-limit.idle-after)";
        return new Comparison(
                true,
                start
                        + format(
                                ", the server counts %,d: none is missing; others must have sent the %,d more %s",
                                counted, counted - most, whose));
    }

    /** Nothing can be asked any more. */
    static Comparison impossible(long acknowledged, String why) {
        return new Comparison(
                false, format("acknowledged %,d samples, but nothing could be compared: %s", acknowledged, why));
    }

    private static Comparison match(String start, long counted, String more) {
        return new Comparison(true, start + format(", the server counts %,d: match", counted) + more);
    }

    private static Comparison mismatch(String start, long counted, String what) {
        return new Comparison(false, start + format(", the server counts %,d: MISMATCH, %s", counted, what));
    }

    private static String others(long samples) {
        return samples <= 0 ? "" : format(" (and %,d that other clients sent meanwhile)", samples);
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}

package io.metricstream.load;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What became of the requests of one stage.
 *
 * <p>Latencies are those of requests answered 200. Measured, they begin when the request was sent. Corrected, they begin
 * when it should have been sent, so that a request which had to wait for a connection, or for its retry, counts the wait;
 * and requests that were never sent or never answered count with the time that they had waited in vain. Without those a
 * server that stalls would be measured only as often as it lets itself be (coordinated omission).
 *
 * <p>Thread: the event loop that counts, then whoever gets it at the end of the stage. Limits: latencies above an hour
 * count as an hour.
 */
@OwnedBy(Role.EVENT_LOOP)
final class Tally {
    /** The kind of example that says why no connection could be had. */
    static final String NO_CONNECTION = "no connection";

    private static final int STATUSES = 600;
    private static final long LEAST_NANOS = 1_000;
    private static final long MOST_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final int PRECISION_DIGITS = 3;
    private static final int EXAMPLE_CHARS = 300;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final long MOST_SAMPLES = 1_000_000_000;

    private final long[] byStatus = new long[STATUSES];
    private final Map<String, String> examples = new TreeMap<>();
    private final Histogram measured = new Histogram(LEAST_NANOS, MOST_NANOS, PRECISION_DIGITS);
    private final Histogram corrected = new Histogram(LEAST_NANOS, MOST_NANOS, PRECISION_DIGITS);

    private boolean timed;
    private long lastNanos;
    private long acknowledged;
    private long refused;
    private long unknown;
    private long timeouts;
    private long lost;
    private long connectFailures;
    private long notSent;
    private long givenUp;

    /** Something happened at that time, which belongs to the stage. */
    void onTime(long nowNanos) {
        lastNanos = timed && nowNanos - lastNanos < 0 ? lastNanos : nowNanos;
        timed = true;
    }

    /**
     * The server has answered.
     *
     * @param samples of the request; 0 where it will be sent again
     */
    void onAnswer(int status, CharSequence text, int samples, long measuredNanos, long correctedNanos) {
        int index = Math.max(0, Math.min(status, STATUSES - 1));
        byStatus[index]++;
        long stored = storedOf(status, text);
        acknowledged += stored;
        refused += Math.max(0, samples - stored);
        if (status == OK) {
            measured.recordValue(bounded(measuredNanos));
            corrected.recordValue(bounded(correctedNanos));
        }
        if (byStatus[index] == 1 && (status != OK || stored != samples)) {
            example("answer " + status, text.toString());
        }
    }

    /** A request got no answer in time; nobody knows whether its samples are stored. */
    void onTimeout(int samples, long correctedNanos) {
        timeouts++;
        unknown += samples;
        corrected.recordValue(bounded(correctedNanos));
    }

    /** A connection ended under a request; nobody knows whether its samples are stored. */
    void onLost(int samples, String why, long correctedNanos) {
        lost++;
        unknown += samples;
        corrected.recordValue(bounded(correctedNanos));
        example("connection lost", why);
    }

    void onConnectFailure(String why) {
        connectFailures++;
        example(NO_CONNECTION, why);
    }

    /** The stage ended before a request that was due had been sent. */
    void onNotSent(long waitedNanos) {
        notSent++;
        corrected.recordValue(bounded(waitedNanos));
    }

    /** The stage ended before a refused request was to be sent again. */
    void onGivenUp(int samples) {
        givenUp++;
        refused += samples;
    }

    /** Keeps the first of each kind, for the report. */
    void example(String kind, String text) {
        examples.putIfAbsent(kind, text.length() <= EXAMPLE_CHARS ? text : text.substring(0, EXAMPLE_CHARS) + "...");
    }

    void add(Tally other) {
        if (other.timed) {
            onTime(other.lastNanos);
        }
        for (int i = 0; i < STATUSES; i++) {
            byStatus[i] += other.byStatus[i];
        }
        other.examples.forEach(examples::putIfAbsent);
        measured.add(other.measured);
        corrected.add(other.corrected);
        acknowledged += other.acknowledged;
        refused += other.refused;
        unknown += other.unknown;
        timeouts += other.timeouts;
        lost += other.lost;
        connectFailures += other.connectFailures;
        notSent += other.notSent;
        givenUp += other.givenUp;
    }

    long status(int status) {
        return byStatus[status];
    }

    /** Requests with an answer, whatever it was. */
    long answered() {
        long sum = 0;
        for (long count : byStatus) {
            sum += count;
        }
        return sum;
    }

    /** Requests sent; each retry is one more. */
    long sent() {
        return answered() + unanswered();
    }

    /** Requests sent without an answer. */
    long unanswered() {
        return timeouts + lost;
    }

    long acknowledged() {
        return acknowledged;
    }

    /** Samples of answered requests that the server did not store, and that were not sent again. */
    long refused() {
        return refused;
    }

    /** Samples of requests without an answer. */
    long unknown() {
        return unknown;
    }

    long timeouts() {
        return timeouts;
    }

    long lost() {
        return lost;
    }

    long connectFailures() {
        return connectFailures;
    }

    long notSent() {
        return notSent;
    }

    long givenUp() {
        return givenUp;
    }

    /** When the last thing happened that belongs to the stage. */
    long lastNanos() {
        return lastNanos;
    }

    Map<String, String> examples() {
        return examples;
    }

    Histogram measured() {
        return measured;
    }

    Histogram corrected() {
        return corrected;
    }

    /** How many samples an answer says to be stored. */
    private static long storedOf(int status, CharSequence text) {
        return switch (status) {
            case OK -> numberIn(text, "\"metrics_processed\":");
            case BAD_REQUEST -> numberIn(text, "\"accepted\":");
            default -> 0;
        };
    }

    /**
     * The number behind a member's name; 0 where there is none. The server writes no white space, and no text inside of a
     * string can look like a name, as its quotes are escaped.
     */
    private static long numberIn(CharSequence json, String name) {
        String all = json.toString();
        int start = all.indexOf(name);
        long number = 0;
        for (int at = start + name.length(); start >= 0 && at < all.length(); at++) {
            int digit = all.charAt(at) - '0';
            if (digit < 0 || digit > 9 || number > MOST_SAMPLES) {
                break;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static long bounded(long nanos) {
        return Math.max(0, Math.min(nanos, MOST_NANOS));
    }
}

package io.metricstream.stats;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.metricstream.own.ThreadSafe;
import io.metricstream.parse.ParseReport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The samples refused last, of each request the first ones, as far as its answer names them.
 *
 * <p>Thread: any. Limits: {@value #MOST} samples, with texts of {@value #MOST_CHARS} characters each.
 */
@ThreadSafe("one lock around the queue, which nobody holds for long")
public final class RejectLog {
    private static final int MOST = 1000;
    private static final int MOST_CHARS = 600;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final ArrayDeque<RejectedSample> samples = new ArrayDeque<>();

    /** Takes what a report has from this error on. */
    public void add(ParseReport report, int fromError, String client, long nowMillis) {
        synchronized (lock) {
            for (int i = fromError; i < report.errorCount(); i++) {
                if (samples.size() == MOST) {
                    samples.removeFirst();
                }
                String field = report.errorField(i);
                samples.addLast(new RejectedSample(
                        nowMillis,
                        client,
                        cut(report.errorSeries(i)),
                        report.errorWord(i).text(),
                        cut((field.isEmpty() ? "" : field + ": ") + report.errorReason(i))));
            }
        }
    }

    /** The newest first. */
    public List<RejectedSample> newestFirst() {
        List<RejectedSample> all;
        synchronized (lock) {
            all = new ArrayList<>(samples);
        }
        Collections.reverse(all);
        return all;
    }

    private static String cut(String text) {
        return text.length() > MOST_CHARS ? text.substring(0, MOST_CHARS) : text;
    }
}

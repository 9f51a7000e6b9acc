package io.metricstream.parse;

import io.metricstream.model.SampleBatch;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Reads a request in JSON: by remembered texts as far as they reach, and by Jackson, from the start, where they do not.
 *
 * <p>A metric without a remembered text is read by a Jackson parser of its own while such metrics are few.
 *
 * <p>Thread: one event loop.
 */
@OwnedBy(Role.EVENT_LOOP)
final class RequestReader {
    private static final int NONE = TextFollower.NONE;

    /** So many metrics may be unknown at the start of a body, and one in so many later, before Jackson reads it all. */
    private static final int MISSES_AT_FIRST = 4;

    private static final int METRICS_PER_MISS = 4;
    /** So many metrics that cannot be learned end the attempt to learn. */
    private static final int HOPELESS = 16;

    private final int metricsPerRequest;
    private final JacksonPath jackson;
    private final TextFollower texts;

    private int index;
    private int misses;

    RequestReader(ParseLimits limits, JacksonPath jackson, TextFollower texts) {
        metricsPerRequest = limits.metricsPerRequest();
        this.jackson = jackson;
        this.texts = texts;
    }

    boolean read(@Borrowed byte[] body, int offset, int end, ParseTrail trail, SampleBatch into, ParseReport report) {
        int at = RequestShape.listStart(body, offset, end);
        if (at == RequestShape.OTHER) {
            return jackson.readRequest(body, offset, end - offset, into, report);
        }
        texts.open(body, end, trail);
        index = 0;
        misses = 0;
        boolean done = !texts.isEmpty() && readList(body, at, end, into, report);
        if (!done) {
            into.clear();
            report.clear();
            done = jackson.readRequest(body, offset, end - offset, into, report);
            if (done && (index == 0 || misses >= MISSES_AT_FIRST)) {
                texts.open(body, end, trail);
                learn(body, at, end, into, report);
            }
        }
        texts.close();
        return done;
    }

    /** Reads the list that begins at {@code from}, and the end of the request; false where Jackson has to. */
    private boolean readList(byte[] body, int from, int end, SampleBatch into, ParseReport report) {
        int at = from;
        while (index < metricsPerRequest) {
            report.received(index + 1);
            int behind = texts.follow(at);
            if (behind != NONE) {
                texts.addTo(into);
            } else {
                behind = readUnknown(body, at, end, into, report);
                if (behind == NONE) {
                    return false;
                }
            }
            index++;
            at = RequestShape.afterMetric(body, behind, end);
            if (at == RequestShape.OTHER) {
                return false;
            }
            if (body[at] == ']') {
                return RequestShape.endsAfterList(body, at, end);
            }
            at = RequestShape.skipBlank(body, at + 1, end);
        }
        return false;
    }

    private int readUnknown(byte[] body, int at, int end, SampleBatch into, ParseReport report) {
        misses++;
        if (misses > MISSES_AT_FIRST + index / METRICS_PER_MISS) {
            return NONE;
        }
        int samples = into.count();
        int behind = jackson.readMetric(body, at, end, index, into, report);
        if (behind != NONE && into.count() > samples) {
            texts.learn(at, behind, into, samples);
        }
        return behind;
    }

    /** Learns the metrics of a list that Jackson accepted; batch and report say what became of each. */
    private void learn(byte[] body, int from, int end, SampleBatch into, ParseReport report) {
        int at = from;
        int hopeless = 0;
        int sample = 0;
        for (int metric = 0; sample < into.count() && hopeless < HOPELESS && body[at] == '{'; metric++) {
            int behind = texts.endOf(at);
            if (behind == NONE) {
                return;
            }
            if (report.metricIndexOf(sample) == metric) {
                hopeless += texts.learn(at, behind, into, sample) ? 0 : 1;
                sample++;
            }
            at = RequestShape.afterMetric(body, behind, end);
            if (at == RequestShape.OTHER || body[at] == ']') {
                return;
            }
            at = RequestShape.skipBlank(body, at + 1, end);
        }
    }
}

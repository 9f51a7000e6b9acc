package io.metricstream.parse;

import io.metricstream.model.SampleBatch;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Reads a body of one metric a line: each line by its remembered text or else by Jackson.
 *
 * <p>Thread: one event loop.
 */
@OwnedBy(Role.EVENT_LOOP)
final class LinesReader {
    private static final int NONE = TextFollower.NONE;

    private final int metricsPerRequest;
    private final JacksonPath jackson;
    private final TextFollower texts;

    LinesReader(ParseLimits limits, JacksonPath jackson, TextFollower texts) {
        metricsPerRequest = limits.metricsPerRequest();
        this.jackson = jackson;
        this.texts = texts;
    }

    /** False where there are more metrics than a request may have. */
    boolean read(@Borrowed byte[] body, int offset, int end, ParseTrail trail, SampleBatch into, ParseReport report) {
        texts.open(body, end, trail);
        boolean done = readLines(body, offset, end, into, report);
        texts.close();
        return done;
    }

    private boolean readLines(byte[] body, int offset, int end, SampleBatch into, ParseReport report) {
        int index = 0;
        int line = 0;
        for (int at = offset; at < end; ) {
            line++;
            int start = Lines.skipBlank(body, at, end);
            if (start == end || body[start] == '\n') {
                at = start + 1;
                continue;
            }
            if (index == metricsPerRequest) {
                return jackson.tooMany(into, report);
            }
            report.received(index + 1);
            int lineEnd = recognised(body, start, end);
            if (lineEnd != NONE) {
                texts.addTo(into);
            } else {
                lineEnd = Lines.end(body, start, end);
                int samples = into.count();
                jackson.readLine(body, at, lineEnd, (long) index << 32 | line, into, report);
                if (into.count() > samples) {
                    texts.learn(start, Lines.lastByte(body, start, lineEnd) + 1, into, samples);
                }
            }
            index++;
            at = lineEnd + 1;
        }
        return true;
    }

    /** The end of the line, where a remembered text and blanks fill it; {@link #NONE} otherwise. */
    private int recognised(byte[] body, int start, int end) {
        int behind = texts.follow(start);
        if (behind == NONE || texts.spansLines()) {
            return NONE;
        }
        int lineEnd = Lines.skipBlank(body, behind, end);
        return lineEnd == end || body[lineEnd] == '\n' ? lineEnd : NONE;
    }
}

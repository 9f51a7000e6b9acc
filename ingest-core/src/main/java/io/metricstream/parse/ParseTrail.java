package io.metricstream.parse;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * What one connection knows from its last request: where that request began among the remembered series. A client that
 * sends its series in the same order every time is recognised by it. Without effect on what is accepted.
 *
 * <p>Thread: the connection's event loop. Holds a number and no reference; may be used with one parser only.
 */
@OwnedBy(Role.EVENT_LOOP)
public final class ParseTrail {
    private int first = RememberedTexts.NONE;

    /** The text with which the last request began. */
    int first() {
        return first;
    }

    void first(int text) {
        first = text;
    }
}

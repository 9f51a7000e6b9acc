package io.metricstream.rules;

import java.util.Locale;

/** How far an alert is, the later the more. */
public enum AlertState {
    INACTIVE,
    PENDING,
    FIRING;

    /** The word in series and answers. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

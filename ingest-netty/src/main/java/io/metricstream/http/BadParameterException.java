package io.metricstream.http;

import org.jspecify.annotations.Nullable;

/** A parameter that is missing or wrong; the message names it and is for the client. */
public final class BadParameterException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    BadParameterException(String message) {
        super(message);
    }

    public BadParameterException(String parameter, String problem) {
        this(parameter, problem, null);
    }

    public BadParameterException(String parameter, String problem, @Nullable Exception cause) {
        super("invalid parameter \"" + parameter + "\": " + problem, cause);
    }
}

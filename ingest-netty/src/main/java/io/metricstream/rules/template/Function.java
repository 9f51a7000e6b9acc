package io.metricstream.rules.template;

/**
 * Something that can be called.
 *
 * @param word its name
 * @param least arguments it needs
 * @param most arguments it takes
 */
record Function(String word, int least, int most, Body body) {
    /** For those that take any number. */
    static final int ANY = Integer.MAX_VALUE;

    interface Body {
        Object apply(Arguments arguments) throws TemplateException;
    }

    Object apply(Arguments arguments) throws TemplateException {
        return body.apply(arguments);
    }
}

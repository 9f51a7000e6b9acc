package io.metricstream.rules.template;

import org.jspecify.annotations.Nullable;

/**
 * A parsed template. Immutable.
 *
 * <p>Limits: the result has {@link #MOST_CHARS} characters at most, actions are nested {@link #MOST_DEPTH} deep at most.
 */
public final class Template {
    static final int MOST_CHARS = 64 << 10;
    static final int MOST_DEPTH = 64;

    private final String text;
    private final Node.Sequence root;

    private Template(String text, Node.Sequence root) {
        this.text = text;
        this.root = root;
    }

    /** Fails where the text is no template, or uses what is not supported; the message has line and column. */
    public static Template parse(String text) throws TemplateException {
        return new Template(text, new TemplateParser(text).parse());
    }

    /** Fails where a query or function in it does. */
    public String expand(TemplateData data) throws TemplateException {
        var run = new Expansion(data);
        root.write(run);
        return run.result();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Template that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text as it was written. */
    @Override
    public String toString() {
        return text;
    }
}

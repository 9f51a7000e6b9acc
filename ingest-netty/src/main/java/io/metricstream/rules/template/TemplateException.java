package io.metricstream.rules.template;

/** A text that is no template, or a template that cannot be expanded; the message says where and why. */
public final class TemplateException extends Exception {
    private static final long serialVersionUID = 1;

    public TemplateException(String message) {
        super(message);
    }

    TemplateException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A problem at a place of a template's text. */
    static TemplateException at(String text, int offset, String problem) {
        int end = Math.min(offset, text.length());
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new TemplateException("template: " + line + ":" + (end - lineStart + 1) + ": " + problem);
    }
}

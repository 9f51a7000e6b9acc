package io.metricstream.rules.template;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.net.URI;

/** What Prometheus's template functions do with texts. Stateless. */
final class TextFunctions {
    private TextFunctions() {}

    /** Every word with a capital first letter. */
    static String title(String text) {
        var out = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            out.appendCodePoint(inWord ? c : Character.toTitleCase(c));
            inWord = Character.isLetterOrDigit(c) || c == '_' || c == '\'';
            i += Character.charCount(c);
        }
        return out.toString();
    }

    static Pattern pattern(String expression) throws TemplateException {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new TemplateException("template: not a regular expression: " + e.getMessage(), e);
        }
    }

    /** Replaces what an expression finds; {@code $1} and {@code ${name}} stand for its groups, one that is not there for nothing. */
    static String replaceAll(String expression, String replacement, String text) throws TemplateException {
        Matcher matcher = pattern(expression).matcher(text);
        var out = new StringBuilder();
        int done = 0;
        while (matcher.find()) {
            out.append(text, done, matcher.start());
            appendReplacement(matcher, replacement, out);
            done = matcher.end();
        }
        return out.append(text, done, text.length()).toString();
    }

    private static void appendReplacement(Matcher matcher, String replacement, StringBuilder out) {
        for (int at = 0; at < replacement.length(); ) {
            if (replacement.charAt(at) != '$') {
                out.append(replacement.charAt(at++));
            } else if (replacement.startsWith("$$", at)) {
                out.append('$');
                at += 2;
            } else {
                at = appendGroup(matcher, replacement, at, out);
            }
        }
    }

    /** Appends what {@code $name} or {@code ${name}} stands for, and returns where the text goes on. */
    private static int appendGroup(Matcher matcher, String replacement, int dollar, StringBuilder out) {
        boolean braces = replacement.startsWith("{", dollar + 1);
        int from = dollar + (braces ? 2 : 1);
        int to = from;
        while (to < replacement.length() && isWord(replacement.charAt(to))) {
            to++;
        }
        boolean closed = !braces || replacement.startsWith("}", to);
        if (to == from || !closed) {
            out.append('$');
            return dollar + 1;
        }
        out.append(group(matcher, replacement.substring(from, to)));
        return braces ? to + 1 : to;
    }

    private static String group(Matcher matcher, String name) {
        String found;
        if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            boolean known = name.length() < 4 && Integer.parseInt(name) <= matcher.groupCount();
            found = known ? matcher.group(Integer.parseInt(name)) : null;
        } else {
            found = matcher.pattern().namedGroups().containsKey(name) ? matcher.group(name) : null;
        }
        return found == null ? "" : found;
    }

    private static boolean isWord(char c) {
        return c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
    }

    /** Takes the port from {@code host:port} or {@code [::1]:port}; what has none stays as it is. */
    static String stripPort(String address) {
        int colon = address.lastIndexOf(':');
        if (address.startsWith("[")) {
            int end = address.indexOf(']');
            return end > 0 && colon == end + 1 ? address.substring(1, end) : address;
        }
        return colon < 0 || address.indexOf(':') != colon ? address : address.substring(0, colon);
    }

    /** Takes everything from the first dot of a host's name; an address stays as it is, and so does a port. */
    static String stripDomain(String address) {
        String host = stripPort(address);
        boolean isAddress = host.contains(":") || host.matches("[0-9]+(\\.[0-9]+){3}");
        int dot = host.indexOf('.');
        return isAddress || dot < 0
                ? address
                : host.substring(0, dot) + (address.startsWith(host) ? address.substring(host.length()) : "");
    }

    static String path(String url) {
        String path = url.isEmpty() ? "" : URI.create(url).getPath();
        return path == null ? "" : path;
    }
}

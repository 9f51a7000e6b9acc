package io.metricstream.select;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many steps a regular expression's program has, roughly: counted repetitions multiply, {@code ((a{99}){99}){99}} is a
 * million steps in eighteen characters, and the library has no limit of its own. Lives inside one call.
 */
@OwnedBy(Role.QUERY)
final class RegexSize {
    static final long MOST = 100_000;
    /** Products end here, far below an overflow. */
    private static final long CEILING = 1L << 40;

    private final String regex;
    private final Deque<Long> outerGroups = new ArrayDeque<>();
    private int at;
    /** Steps of the group that is open, without its last piece. */
    private long before;
    /** Steps of the piece that a repetition would repeat. */
    private long last;

    private RegexSize(String regex) {
        this.regex = regex;
    }

    /** An upper bound that is near; what is no regular expression has some size, too. */
    static long of(String regex) {
        return new RegexSize(regex).size();
    }

    private long size() {
        while (at < regex.length()) {
            step(regex.charAt(at++));
        }
        while (!outerGroups.isEmpty()) {
            closeGroup();
        }
        return sum();
    }

    private void step(char c) {
        switch (c) {
            case '(' -> {
                outerGroups.push(sum());
                before = 0;
                last = 0;
            }
            case ')' -> closeGroup();
            case '[' -> {
                skipClass();
                piece(1);
            }
            case '\\' -> escape();
            case '{' -> repeat();
            default -> piece(1);
        }
    }

    private void piece(long steps) {
        before = sum();
        last = steps;
    }

    private void closeGroup() {
        long inside = sum() + 1;
        before = outerGroups.isEmpty() ? 0 : outerGroups.pop();
        last = inside;
    }

    private long sum() {
        return Math.min(CEILING, before + last);
    }

    private void escape() {
        if (regex.startsWith("Q", at)) {
            int end = regex.indexOf("\\E", at);
            int literal = (end < 0 ? regex.length() : end) - at;
            at = end < 0 ? regex.length() : end + 2;
            before = Math.min(CEILING, sum() + literal);
            last = 1;
        } else {
            at = Math.min(regex.length(), at + 1);
            piece(1);
        }
    }

    private void skipClass() {
        int first = at + (regex.startsWith("^", at) ? 1 : 0);
        for (at = first; at < regex.length(); at++) {
            char c = regex.charAt(at);
            if (c == ']' && at > first) {
                at++;
                return;
            }
            at += c == '\\' ? 1 : 0;
        }
        at = regex.length();
    }

    /** {@code {n}}, {@code {n,}} and {@code {n,m}}; anything else in braces is a text. */
    private void repeat() {
        int end = regex.indexOf('}', at);
        String counts = end < 0 ? "" : regex.substring(at, end);
        if (!counts.matches("[0-9]{1,9}(,[0-9]{0,9})?")) {
            piece(1);
            return;
        }
        at = end + 1;
        long most = 1;
        for (String count : counts.split(",", 2)) {
            most = Math.max(most, count.isEmpty() ? 1 : Long.parseLong(count));
        }
        last = Math.min(CEILING, last * most);
    }
}

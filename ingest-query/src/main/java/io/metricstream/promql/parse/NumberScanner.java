package io.metricstream.promql.parse;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** Finds the end of a number or a duration. Lives inside one call. */
@OwnedBy(Role.QUERY)
final class NumberScanner {
    private static final String DECIMAL = "0123456789";
    private static final String HEXADECIMAL = "0123456789abcdefABCDEF";
    private static final String AFTER_UNDERSCORE = "._eE";

    private final String in;
    private int at;

    NumberScanner(String in, int start) {
        this.in = in;
        this.at = start;
    }

    /** Where scanning has come to. */
    int end() {
        return at;
    }

    /** True behind a number; false where it stopped being one. What it says may still be none. */
    boolean scanNumber() {
        String digits = DECIMAL;
        if (tryTake("0") && tryTake("xX")) {
            tryTake("_");
            digits = HEXADECIMAL;
        }
        tryTake(".");
        tryTake(digits);
        boolean point = false;
        boolean exponent = false;
        while (is(digits) || is("._eE")) {
            if (is(".")) {
                boolean second = point;
                point = true;
                at++;
                if (second || tryTake("_.") || digits.equals(HEXADECIMAL)) {
                    return false;
                }
            } else if (is("eE") && !is(digits)) {
                boolean second = exponent;
                exponent = true;
                at++;
                if (second) {
                    return false;
                }
                tryTake("+-");
                if (tryTake(AFTER_UNDERSCORE) || at >= in.length()) {
                    return false;
                }
            } else if (is("_")) {
                at++;
                if (tryTake(AFTER_UNDERSCORE) || at >= in.length()) {
                    return false;
                }
            } else {
                skip(digits);
            }
        }
        return !isWordGoingOn();
    }

    /** Goes on where {@link #scanNumber} stopped: true behind a duration. Which units it has is checked later. */
    boolean scanDuration() {
        if (!tryTake("smhdwy")) {
            return false;
        }
        tryTake("s");
        while (is(DECIMAL)) {
            skip(DECIMAL);
            if (!tryTake("smhdw")) {
                return false;
            }
            tryTake("s");
        }
        if (isWordGoingOn()) {
            at++;
            return false;
        }
        return true;
    }

    private boolean isWordGoingOn() {
        return at < in.length() && (Lexer.isAlpha(in.charAt(at)) || Lexer.isDigit(in.charAt(at)));
    }

    private boolean is(String set) {
        return at < in.length() && set.indexOf(in.charAt(at)) >= 0;
    }

    private boolean tryTake(String set) {
        boolean there = is(set);
        at += there ? 1 : 0;
        return there;
    }

    private void skip(String set) {
        while (is(set)) {
            at++;
        }
    }
}

package io.metricstream.http;

import io.metricstream.select.Matcher;
import io.metricstream.select.RegexBudget;
import io.metricstream.select.SelectorException;
import io.metricstream.select.SelectorParser;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a request as its query and a form in its body have them, those of the body first. Immutable.
 *
 * <p>Fails: {@link BadParameterException}; the constructor with IllegalArgumentException on what cannot be read at all.
 */
public final class Parameters {
    private static final int MOST = 1024;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    Parameters(String uri, String form) {
        add(decoder(form, false));
        add(decoder(uri, true));
    }

    /** All values of a parameter, in order. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The first value, or another where there is none. */
    public String first(String name, String instead) {
        List<String> all = all(name);
        return all.isEmpty() || all.get(0).isEmpty() ? instead : all.get(0);
    }

    /** A time in ms since 1970. */
    public long time(String name, long instead) {
        String text = first(name, "");
        try {
            return text.isEmpty() ? instead : PrometheusTime.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BadParameterException(name, String.valueOf(e.getMessage()), e);
        }
    }

    /** A time in ms since 1970 that must be there. */
    public long timeWanted(String name) {
        if (first(name, "").isEmpty()) {
            throw new BadParameterException(name, "cannot parse \"\" to a valid timestamp");
        }
        return time(name, 0);
    }

    /** The times {@code start} and {@code end}, both included; all of time where they are left out. */
    public long[] range() {
        long from = time("start", Long.MIN_VALUE);
        long to = time("end", Long.MAX_VALUE);
        if (to < from) {
            throw new BadParameterException("end", "end timestamp must not be before start time");
        }
        return new long[] {from, to};
    }

    /** A whole number at or above 0. */
    public int count(String name, int instead) {
        String text = first(name, "");
        try {
            int number = text.isEmpty() ? instead : Integer.parseInt(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // The same answer.
        }
        throw new BadParameterException(name, "found " + Refusal.shown(text) + ", wanted a whole number at or above 0");
    }

    /** The matchers of each {@code match[]}. One that selects everything by being empty is more likely a mistake. */
    public List<List<Matcher>> selectors() {
        List<List<Matcher>> selectors = new ArrayList<>();
        var budget = new RegexBudget();
        for (String selector : all("match[]")) {
            try {
                List<Matcher> matchers = SelectorParser.parse(selector, budget);
                if (matchers.stream().allMatch(Matcher::matchesEmpty)) {
                    throw new BadParameterException(
                            "match[]", Refusal.shown(selector) + ": must contain at least one non-empty matcher");
                }
                selectors.add(matchers);
            } catch (SelectorException e) {
                throw new BadParameterException("match[]", String.valueOf(e.getMessage()), e);
            }
        }
        return selectors;
    }

    /** The same where there must be one. */
    public List<List<Matcher>> selectorsWanted() {
        List<List<Matcher>> selectors = selectors();
        if (selectors.isEmpty()) {
            throw new BadParameterException("no match[] parameter provided");
        }
        return selectors;
    }

    /** Parameters end at & alone: a semicolon may stand in an expression. */
    private static QueryStringDecoder decoder(String text, boolean hasPath) {
        return new QueryStringDecoder(text, StandardCharsets.UTF_8, hasPath, MOST, true);
    }

    private void add(QueryStringDecoder decoder) {
        decoder.parameters().forEach((name, more) -> values.computeIfAbsent(name, any -> new ArrayList<>())
                .addAll(more));
        if (values.size() > MOST) {
            throw new IllegalArgumentException("too many parameters: wanted at most " + MOST);
        }
    }
}

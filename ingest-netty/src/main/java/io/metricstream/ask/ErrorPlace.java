package io.metricstream.ask;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shows where in a query the error is that a message names as {@code 1:5: parse error: …}. Stateless. */
public final class ErrorPlace {
    private static final Pattern PLACE = Pattern.compile("^(\\d{1,6}):(\\d{1,6}): ");

    private ErrorPlace() {}

    /** The message, and below it the line of the query with a mark under the place; only the message where it names none. */
    public static String show(String message, String query) {
        Matcher place = PLACE.matcher(message);
        if (!place.find()) {
            return message;
        }
        String[] lines = query.split("\n", -1);
        int number = Integer.parseInt(place.group(1));
        if (number < 1 || number > lines.length) {
            return message;
        }
        String line = lines[number - 1];
        byte[] utf8 = line.getBytes(StandardCharsets.UTF_8);
        int before = Math.min(utf8.length, Math.max(0, Integer.parseInt(place.group(2)) - 1));
        // A tab stays one, so that the mark moves as the line does.
        String blank = new String(utf8, 0, before, StandardCharsets.UTF_8)
                .codePoints()
                .mapToObj(c -> c == '\t' ? "\t" : " ")
                .reduce("", String::concat);
        return message + "\n  " + line + "\n  " + blank + "^";
    }
}

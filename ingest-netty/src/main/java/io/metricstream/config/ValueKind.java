package io.metricstream.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the values of a key or an option look like.
 *
 * @param wanted for the message when a value is refused, and for the listing
 * @param parse empty where the text is not such a value
 */
public record ValueKind<T>(String wanted, Function<String, Optional<T>> parse) {
    /** The duration that {@code infinite} stands for: more milliseconds than any clock will show. */
    static final Duration INFINITE = Duration.ofMillis(Long.MAX_VALUE);

    public static ValueKind<Integer> integer(int least, int most) {
        return new ValueKind<>(
                "a whole number from " + least + " to " + most,
                text -> number(text).filter(n -> n >= least && n <= most).map(Long::intValue));
    }

    static ValueKind<Integer> powerOfTwo(int least, int most) {
        return new ValueKind<>("a power of two from " + least + " to " + most, text -> number(text)
                .filter(n -> n >= least && n <= most && Long.bitCount(n) == 1)
                .map(Long::intValue));
    }

    /** A number per second, where 0 is off. */
    static ValueKind<Long> rate(long most) {
        return new ValueKind<>(
                "0 (off) or a whole number up to " + most, text -> number(text).filter(n -> n >= 0 && n <= most));
    }

    static ValueKind<Long> size(long leastBytes, long mostBytes) {
        return new ValueKind<>(
                "a size from " + Quantities.bytes(leastBytes) + " to " + Quantities.bytes(mostBytes)
                        + ", such as 512k or 64MiB",
                text -> Quantities.parseBytes(text).filter(n -> n >= leastBytes && n <= mostBytes));
    }

    public static ValueKind<Duration> duration(String least, String most) {
        Duration from = Quantities.parseDuration(least).orElseThrow();
        Duration to = Quantities.parseDuration(most).orElseThrow();
        return new ValueKind<>(
                "a duration from " + least + " to " + most + ", such as 500ms, 10s or 1h30m",
                text -> Quantities.parseDuration(text).filter(d -> d.compareTo(from) >= 0 && d.compareTo(to) <= 0));
    }

    static ValueKind<Duration> durationOrInfinite(String least) {
        Duration from = Quantities.parseDuration(least).orElseThrow();
        return new ValueKind<>(
                "a duration of at least " + least + ", such as 10m or 30d, or infinite",
                text -> text.equals("infinite")
                        ? Optional.of(INFINITE)
                        : Quantities.parseDuration(text).filter(d -> d.compareTo(from) >= 0));
    }

    public static <E extends Enum<E>> ValueKind<E> choice(Class<E> type) {
        EnumSet<E> all = EnumSet.allOf(type);
        String words = all.stream().map(ValueKind::word).collect(Collectors.joining(", "));
        return new ValueKind<>(
                "one of " + words,
                text -> all.stream().filter(e -> word(e).equals(text)).findFirst());
    }

    static ValueKind<Boolean> flag() {
        return new ValueKind<>(
                "true or false",
                text -> text.equals("true") || text.equals("false")
                        ? Optional.of(text.equals("true"))
                        : Optional.empty());
    }

    static ValueKind<String> word() {
        return new ValueKind<>("a name or address", text -> Optional.of(text).filter(t -> !t.isBlank()));
    }

    /** A regular expression in RE2's syntax, or nothing. */
    static ValueKind<String> regexOrNothing() {
        return new ValueKind<>(
                "a regular expression, such as https://.*[.]example[.]com or .* for all, or nothing", text -> {
                    try {
                        return Optional.of(Pattern.compile(text).pattern());
                    } catch (PatternSyntaxException e) {
                        return Optional.empty();
                    }
                });
    }

    static ValueKind<Path> path() {
        return new ValueKind<>(
                "a path", text -> Optional.of(text).filter(t -> !t.isBlank()).flatMap(ValueKind::toPath));
    }

    /** A path, or nothing where the value is empty. */
    static ValueKind<Optional<Path>> optionalPath() {
        return new ValueKind<>("a path, or nothing", text -> optionalPath(text));
    }

    /** Texts separated by commas. */
    static ValueKind<List<String>> list() {
        return new ValueKind<>("texts separated by commas, or nothing", text -> Optional.of(items(text)));
    }

    /** Addresses separated by commas. */
    static ValueKind<List<URI>> urls() {
        return new ValueKind<>("http or https URLs separated by commas, or nothing", text -> {
            List<String> items = items(text);
            List<URI> urls = items.stream().flatMap(item -> url(item).stream()).toList();
            return urls.size() == items.size() ? Optional.of(urls) : Optional.empty();
        });
    }

    /** An address without a slash at its end, or nothing. */
    static ValueKind<String> optionalUrl() {
        return new ValueKind<>(
                "an http or https URL, or nothing",
                text -> text.isBlank()
                        ? Optional.of("")
                        : url(text.strip()).map(url -> url.toString().replaceFirst("/$", "")));
    }

    /** Names with values, as in {@code region=eu,replica=a}. */
    static ValueKind<Map<String, String>> pairs() {
        return new ValueKind<>("name=value separated by commas, or nothing", text -> {
            Map<String, String> pairs = new TreeMap<>();
            for (String item : items(text)) {
                int equals = item.indexOf('=');
                if (equals < 1 || pairs.put(item.substring(0, equals), item.substring(equals + 1)) != null) {
                    return Optional.empty();
                }
            }
            return Optional.of(pairs);
        });
    }

    private static List<String> items(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static Optional<URI> url(String text) {
        try {
            URI url = new URI(text);
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return web && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<Optional<Path>> optionalPath(String text) {
        if (text.isBlank()) {
            return Optional.of(Optional.empty());
        }
        Optional<Path> path = toPath(text);
        return path.isPresent() ? Optional.of(path) : Optional.empty();
    }

    private static Optional<Path> toPath(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(String text) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '_');
        String plain = text.replace("_", "");
        return digits && !plain.isEmpty() && plain.length() <= 18
                ? Optional.of(Long.parseLong(plain))
                : Optional.empty();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}

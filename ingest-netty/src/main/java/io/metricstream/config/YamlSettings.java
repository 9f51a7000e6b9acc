package io.metricstream.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;

/**
 * A configuration file, flattened: nested names are joined with dots, values are taken as they are written.
 *
 * @param problems what is wrong with the file as such; the entries before it are still told
 */
record YamlSettings(List<Entry> entries, List<String> problems) {
    /** One value of the file, and the line it stands in. */
    record Entry(String key, String text, int line) {}

    static YamlSettings read(Path path) {
        List<Entry> entries = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        try {
            byte[] yaml = Files.readAllBytes(path);
            try (JsonParser parser = new YAMLFactory().createParser(ObjectReadContext.empty(), yaml)) {
                flatten(parser, path, entries, problems);
            }
        } catch (NoSuchFileException e) {
            problems.add(path + ": found no such file, wanted the configuration");
        } catch (IOException e) {
            problems.add(path + ": cannot be read: " + e);
        } catch (JacksonException e) {
            problems.add(path + ":" + e.getLocation().getLineNr() + ": not YAML: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        return new YamlSettings(entries, problems);
    }

    private static void flatten(JsonParser parser, Path path, List<Entry> entries, List<String> problems) {
        Deque<String> prefixes = new ArrayDeque<>();
        Map<String, Integer> lines = new HashMap<>();
        String key = "";
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            int line = parser.currentTokenLocation().getLineNr();
            switch (token) {
                case START_OBJECT -> prefixes.push(key);
                case END_OBJECT -> prefixes.pop();
                case PROPERTY_NAME -> {
                    String prefix = Optional.ofNullable(prefixes.peek()).orElse("");
                    key = prefix.isEmpty() ? parser.currentName() : prefix + "." + parser.currentName();
                }
                case START_ARRAY -> {
                    problems.add(path + ":" + line + ": " + key + ": found a list, wanted one value");
                    parser.skipChildren();
                }
                default -> {
                    Integer before = lines.put(key, line);
                    if (key.isEmpty()) {
                        problems.add(path + ":" + line + ": found a value without a key, wanted key: value");
                    } else if (before != null) {
                        problems.add(path + ":" + line + ": " + key + ": found a second time, first in line " + before);
                    } else {
                        entries.add(new Entry(key, textOf(parser, token), line));
                    }
                }
            }
        }
    }

    private static String textOf(JsonParser parser, JsonToken token) {
        return token == JsonToken.VALUE_NULL ? "" : parser.getString();
    }
}

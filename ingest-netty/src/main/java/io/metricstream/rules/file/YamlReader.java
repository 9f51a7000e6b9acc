package io.metricstream.rules.file;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Reads a YAML document as it is written: no type is guessed, a key twice is refused, and so are aliases. Lives inside one call. */
@OwnedBy(Role.RULES)
final class YamlReader {
    private static final int MOST_DEPTH = 16;

    private final String file;
    private final YAMLParser parser;
    private int depth;

    private YamlReader(String file, YAMLParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /** The document; empty where there is none. */
    static Optional<YamlNode> read(String file, String yaml) throws RuleFileException {
        try (YAMLParser parser = (YAMLParser) new YAMLFactory().createParser(ObjectReadContext.empty(), yaml)) {
            var reader = new YamlReader(file, parser);
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                return Optional.empty();
            }
            YamlNode document = reader.node(first);
            if (parser.nextToken() != null) {
                throw reader.problem("found a second document, wanted one");
            }
            return Optional.of(document);
        } catch (JacksonException e) {
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new RuleFileException(file + ":" + e.getLocation().getLineNr() + ": not YAML: " + reason, e);
        }
    }

    private YamlNode node(JsonToken token) throws RuleFileException {
        int line = line();
        if (parser.isCurrentAlias()) {
            throw problem("found an alias, wanted the value itself");
        }
        if (++depth > MOST_DEPTH) {
            throw problem("nested deeper than " + MOST_DEPTH);
        }
        YamlNode node =
                switch (token) {
                    case START_OBJECT -> mapping(line);
                    case START_ARRAY -> sequence(line);
                    case VALUE_NULL -> new YamlNode.Scalar("", line);
                    default -> new YamlNode.Scalar(parser.getString(), line);
                };
        depth--;
        return node;
    }

    private YamlNode mapping(int line) throws RuleFileException {
        var entries = new LinkedHashMap<String, YamlNode>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            if (entries.containsKey(key)) {
                throw problem("found " + key + " a second time");
            }
            entries.put(key, node(parser.nextToken()));
        }
        return new YamlNode.Mapping(entries, line);
    }

    private YamlNode sequence(int line) throws RuleFileException {
        var items = new ArrayList<YamlNode>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(node(token));
        }
        return new YamlNode.Sequence(items, line);
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private RuleFileException problem(String text) {
        return new RuleFileException(file + ":" + line() + ": " + text);
    }
}

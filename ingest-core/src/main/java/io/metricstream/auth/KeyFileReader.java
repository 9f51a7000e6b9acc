package io.metricstream.auth;

import io.metricstream.limit.RateOverride;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the JSON of a key file, strictly: a field that is not known, given twice or of the wrong kind is an error, as is a
 * name or a key that two clients have.
 *
 * <p>Token by token, so that every message can name the line and the field.
 *
 * <p>Thread: the one that made it; used for one file. Fails: KeyFileException; messages hold no key hash.
 */
@OwnedBy(Role.MAIN)
final class KeyFileReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonParser parser;
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<KeyHash, String> keyOwners = new HashMap<>();
    private final List<ClientEntry> clients = new ArrayList<>();

    private KeyFileReader(JsonParser parser) {
        this.parser = parser;
    }

    /** The clients in the order of the file. */
    static List<ClientEntry> read(@Borrowed byte[] json) throws KeyFileException {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            KeyFileReader reader = new KeyFileReader(parser);
            reader.readFile();
            return reader.clients;
        } catch (JacksonException e) {
            throw new KeyFileException(
                    "line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": not valid JSON: " + e.getOriginalMessage(),
                    e);
        }
    }

    private void readFile() throws KeyFileException {
        want(JsonToken.START_OBJECT, parser.nextToken(), "the file", "an object");
        boolean found = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            if (!field.equals("clients")) {
                throw unknownField("", field, "clients");
            }
            found = true;
            want(JsonToken.START_ARRAY, parser.nextToken(), "clients", "an array");
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                want(JsonToken.START_OBJECT, token, path(), "an object");
                readClient();
            }
        }
        if (!found) {
            throw problem("the file: found no field \"clients\", wanted one");
        }
        if (parser.nextToken() != null) {
            throw problem("the file: found more after its end, wanted one object");
        }
    }

    private void readClient() throws KeyFileException {
        String at = path();
        int line = parser.currentTokenLocation().getLineNr();
        String name = null;
        List<KeyHash> keys = new ArrayList<>();
        Set<AccessRole> roles = EnumSet.noneOf(AccessRole.class);
        RateOverride limits = RateOverride.NONE;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "name" -> name = text(at + ".name");
                case "key_sha256" -> readKeys(at + ".key_sha256", keys);
                case "roles" -> readRoles(at + ".roles", roles);
                case "rate_limit" -> limits = readLimits(at + ".rate_limit");
                default -> throw unknownField(at + ".", field, "name, key_sha256, roles or rate_limit");
            }
        }
        if (name == null) {
            throw new KeyFileException("line " + line + ": " + at + ".name: found none, wanted a name");
        }
        Integer earlier = names.putIfAbsent(name, line);
        if (earlier != null) {
            throw new KeyFileException("line " + line + ": " + at + ".name: found \"" + name
                    + "\" again, wanted each name once; it is also on line " + earlier);
        }
        for (KeyHash key : keys) {
            String owner = keyOwners.putIfAbsent(key, name);
            if (owner != null) {
                throw new KeyFileException("line " + line + ": " + at + ".key_sha256: found a key that \"" + owner
                        + "\" has already, wanted each key once");
            }
        }
        try {
            clients.add(new ClientEntry(name, keys, roles, limits));
        } catch (IllegalArgumentException e) {
            throw new KeyFileException("line " + line + ": " + at + "." + e.getMessage(), e);
        }
    }

    private void readKeys(String at, List<KeyHash> keys) throws KeyFileException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            keys.add(key(at));
            return;
        }
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            keys.add(key(at + "[" + keys.size() + "]"));
        }
    }

    private KeyHash key(String at) throws KeyFileException {
        try {
            return KeyHash.parse(text(at));
        } catch (IllegalArgumentException e) {
            // Neither the text nor the parser's message: somebody may have put the key itself here.
            throw problem(at + ": found something else, wanted the SHA-256 of a key as 64 hexadecimal digits");
        }
    }

    private void readRoles(String at, Set<AccessRole> roles) throws KeyFileException {
        want(JsonToken.START_ARRAY, parser.currentToken(), at, "an array");
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            String found = text(at);
            AccessRole role = AccessRole.named(found);
            if (role == null) {
                throw problem(at + ": found \"" + found + "\", wanted write, read or admin");
            }
            if (!roles.add(role)) {
                throw problem(at + ": found \"" + found + "\" again, wanted each role once");
            }
        }
    }

    private RateOverride readLimits(String at) throws KeyFileException {
        want(JsonToken.START_OBJECT, parser.currentToken(), at, "an object");
        long requests = RateOverride.INHERIT;
        long samples = RateOverride.INHERIT;
        long bytes = RateOverride.INHERIT;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "requests" -> requests = limit(at + ".requests");
                case "samples" -> samples = limit(at + ".samples");
                case "bytes" -> bytes = limit(at + ".bytes");
                default -> throw unknownField(at + ".", field, "requests, samples or bytes");
            }
        }
        try {
            return new RateOverride(requests, samples, bytes);
        } catch (IllegalArgumentException e) {
            throw problem(at + ": " + e.getMessage());
        }
    }

    private long limit(String at) throws KeyFileException {
        want(JsonToken.VALUE_NUMBER_INT, parser.currentToken(), at, "a whole number");
        long limit;
        try {
            limit = parser.getLongValue();
        } catch (JacksonException e) {
            throw problem(at + ": found a number that is too large, wanted at most 64 bits");
        }
        if (limit < 0) {
            throw problem(at + ": found " + limit + ", wanted 0 (off) or more");
        }
        return limit;
    }

    private String text(String at) throws KeyFileException {
        want(JsonToken.VALUE_STRING, parser.currentToken(), at, "a string");
        return parser.getString();
    }

    private void want(JsonToken wanted, @Nullable JsonToken found, String at, String wantedText)
            throws KeyFileException {
        if (found != wanted) {
            throw problem(at + ": found " + (found == null ? "nothing" : described(found)) + ", wanted " + wantedText);
        }
    }

    private static String described(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> "something else";
        };
    }

    private String path() {
        return "clients[" + clients.size() + "]";
    }

    private KeyFileException unknownField(String at, String field, String wanted) {
        return problem(at + field + ": found a field of this name, wanted " + wanted);
    }

    private KeyFileException problem(String what) {
        return new KeyFileException("line " + parser.currentTokenLocation().getLineNr() + ": " + what);
    }
}

package io.metricstream.parse;

import io.metricstream.model.SeriesKeyWriter;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The tags of one metric, as they stand in the body.
 *
 * <p>Thread: one event loop. Owns: the texts of the tags. Order: {@link #clear}, {@link #read}, then the rest. A second
 * {@code read} replaces what the first one found.
 */
@OwnedBy(Role.EVENT_LOOP)
final class TagFields {
    /** The key that stands for the metric's name, which is no tag. */
    static final String NAME = "__name__";

    private final ParseLimits limits;
    /** What the field is called that holds the tags. */
    private final String field;

    /** Key and value of every tag in turn. */
    private final Utf8Text texts = new Utf8Text();

    private int[] keyEnds = new int[16];
    private int[] valueEnds = new int[16];
    private int count;
    private boolean anyEmptyValue;

    private String problemField = "";
    private @Nullable String problem;

    TagFields(ParseLimits limits, String field) {
        this.limits = limits;
        this.field = field;
    }

    void clear() {
        texts.clear();
        count = 0;
        anyEmptyValue = false;
        problem = null;
    }

    /** What is wrong with the tags; null where nothing is. */
    @Nullable
    String problem() {
        return problem;
    }

    String problemField() {
        return problemField;
    }

    /** Reads the value of the field {@code tags}, to its end whatever it holds. */
    void read(JsonParser in, JsonToken token) {
        clear();
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.START_OBJECT) {
            refuse(field, TokenWords.found(token) + ", wanted an object of strings");
            in.skipChildren();
            return;
        }
        for (String key = in.nextName(); key != null; key = in.nextName()) {
            readTag(key, in, in.nextToken());
            in.skipChildren();
        }
    }

    /** Reads one tag, whose value the parser stands on; nothing where an earlier one is wrong. */
    void readTag(String key, JsonParser in, JsonToken value) {
        if (problem == null) {
            readNextTag(key, in, value);
        }
    }

    /** Reads one tag whose key and value stand in these bytes; nothing where an earlier one is wrong. */
    void readTag(@Borrowed byte[] bytes, int keyAt, int keyLength, int valueAt, int valueLength) {
        if (problem != null || isFull()) {
            return;
        }
        if (Utf8Check.firstInvalid(bytes, keyAt, keyAt + keyLength) >= 0) {
            refuse(field, Faults.NOT_UTF8 + " in a key");
            return;
        }
        int start = texts.length();
        texts.append(bytes, keyAt, keyLength);
        int keyEnd = texts.length();
        String bad = keyProblem(start);
        if (bad == null && Utf8Check.firstInvalid(bytes, valueAt, valueAt + valueLength) >= 0) {
            bad = Faults.NOT_UTF8;
        }
        if (bad == null) {
            texts.append(bytes, valueAt, valueLength);
            bad = valueProblem();
        }
        if (bad == null) {
            add(keyEnd, texts.length());
        } else {
            refuse(fieldOf(texts.string(start, keyEnd)), bad);
        }
    }

    /** Whether a key is {@link #NAME}. */
    static boolean isName(@Borrowed byte[] bytes, int at, int length) {
        if (length != NAME.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[at + i] != NAME.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Gives the tags to the writer of the series' key; false where two have the same key. */
    boolean writeTo(SeriesKeyWriter keys) {
        byte[] bytes = texts.bytes();
        int start = 0;
        for (int i = 0; i < count; i++) {
            int keyEnd = keyEnds[i];
            int end = valueEnds[i];
            keys.addTag(bytes, start, keyEnd - start, bytes, keyEnd, end - keyEnd);
            start = end;
        }
        // The writer leaves empty values out and therefore sees no second key where one of the two is empty.
        if (!keys.finish() || (anyEmptyValue && duplicate() >= 0)) {
            int tag = duplicate();
            refuse(keyField(tag), "found the key twice, wanted each once");
            return false;
        }
        return true;
    }

    private void readNextTag(String key, JsonParser in, JsonToken value) {
        if (isFull()) {
            return;
        }
        int start = texts.length();
        texts.append(key);
        String badKey = keyProblem(start);
        if (badKey != null) {
            refuse(fieldOf(key), badKey);
            return;
        }
        int keyEnd = texts.length();
        if (value == JsonToken.VALUE_NULL) {
            add(keyEnd, keyEnd);
            return;
        }
        if (value != JsonToken.VALUE_STRING) {
            refuse(fieldOf(key), TokenWords.found(value) + ", wanted a string");
            return;
        }
        texts.append(in.getStringCharacters(), in.getStringOffset(), in.getStringLength());
        String badValue = valueProblem();
        if (badValue != null) {
            refuse(fieldOf(key), badValue);
            return;
        }
        add(keyEnd, texts.length());
    }

    /** Whether there may be no further tag, which is what is wrong with them then. */
    private boolean isFull() {
        boolean full = count == limits.tagsPerMetric();
        if (full) {
            refuse(field, "found more than " + count + " tags, wanted at most that (limits.tags)");
        }
        return full;
    }

    private @Nullable String keyProblem(int start) {
        if (texts.length() == start) {
            return "found an empty key, wanted at least one character";
        }
        if (texts.hasUnpairedSurrogate()) {
            return "found half of a surrogate pair in the key, wanted Unicode text";
        }
        if (texts.hasControl()) {
            return "found a control character in the key";
        }
        if (texts.characters() > limits.tagKeyChars()) {
            return "found a key of " + texts.characters() + " characters, wanted at most " + limits.tagKeyChars()
                    + " (limits.tag-key)";
        }
        if (texts.isFrom(start, NAME)) {
            return "found the key __name__, which stands for the metric's name";
        }
        return null;
    }

    private @Nullable String valueProblem() {
        if (texts.hasUnpairedSurrogate()) {
            return "found half of a surrogate pair, wanted Unicode text";
        }
        if (texts.characters() > limits.tagValueChars()) {
            return "found " + texts.characters() + " characters, wanted at most " + limits.tagValueChars()
                    + " (limits.tag-value)";
        }
        return null;
    }

    private void add(int keyEnd, int valueEnd) {
        if (count == keyEnds.length) {
            keyEnds = Arrays.copyOf(keyEnds, count * 2);
            valueEnds = Arrays.copyOf(valueEnds, count * 2);
        }
        keyEnds[count] = keyEnd;
        valueEnds[count] = valueEnd;
        anyEmptyValue |= keyEnd == valueEnd;
        count++;
    }

    private void refuse(String field, String text) {
        problemField = field;
        problem = text;
    }

    /** The first tag whose key stood before, or -1. */
    private int duplicate() {
        byte[] bytes = texts.bytes();
        for (int i = 1; i < count; i++) {
            for (int j = 0; j < i; j++) {
                if (Arrays.equals(bytes, start(i), keyEnds[i], bytes, start(j), keyEnds[j])) {
                    return i;
                }
            }
        }
        return -1;
    }

    private int start(int tag) {
        return tag == 0 ? 0 : valueEnds[tag - 1];
    }

    private String fieldOf(String key) {
        return field + "." + TokenWords.shortened(key);
    }

    private String keyField(int tag) {
        return fieldOf(texts.string(start(tag), keyEnds[tag]));
    }
}

package io.metricstream.promql.parse;

/** What kind of value an expression has. */
public enum ValueType {
    SCALAR("scalar", "scalar"),
    STRING("string", "string"),
    VECTOR("instant vector", "vector"),
    MATRIX("range vector", "matrix");

    private final String text;
    private final String shortText;

    ValueType(String text, String shortText) {
        this.text = text;
        this.shortText = shortText;
    }

    /** As the documentation calls it. */
    public String text() {
        return text;
    }

    /** As the API calls it. */
    public String shortText() {
        return shortText;
    }
}

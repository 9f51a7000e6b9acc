package io.metricstream.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class MatcherTest {
    @Test
    void comparesWholeValues() {
        assertThat(Matcher.equal("a", "x").matches("x")).isTrue();
        assertThat(Matcher.equal("a", "x").matches("xy")).isFalse();
        assertThat(new Matcher("a", MatchOp.NOT_EQUAL, "x").matches("")).isTrue();
        assertThat(new Matcher("a", MatchOp.REGEX, "x|y.*").matches("yes")).isTrue();
        assertThat(new Matcher("a", MatchOp.REGEX, "x|y").matches("xy")).isFalse();
        assertThat(new Matcher("a", MatchOp.NOT_REGEX, "x.*").matches("xy")).isFalse();
    }

    @Test
    void letsADotMatchANewline() {
        assertThat(new Matcher("a", MatchOp.REGEX, "x.y").matches("x\ny")).isTrue();
    }

    @Test
    void refusesAnExpressionThatIsNone() {
        assertThatThrownBy(() -> new Matcher("a", MatchOp.REGEX, "(x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found=(x");
    }

    @Test
    void printsAsItIsWritten() {
        assertThat(new Matcher("a", MatchOp.NOT_REGEX, "q\"\\d")).hasToString("a!~\"q\\\"\\\\d\"");
    }
}

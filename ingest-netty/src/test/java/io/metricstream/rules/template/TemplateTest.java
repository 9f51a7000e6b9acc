package io.metricstream.rules.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Templates as rule files have them; the values are those of Prometheus's own tests of its template functions. */
final class TemplateTest {
    private static String expand(String text, double value) throws TemplateException {
        var data = new TemplateData(
                Map.of("instance", "web-1:9100", "job", "node"),
                value,
                Map.of("region", "eu"),
                "http://here:8080/ms",
                1_500_000L,
                expression -> expression.equals("none")
                        ? List.of()
                        : List.of(
                                new TemplateSample(Map.of("host", "b"), 2),
                                new TemplateSample(Map.of("host", "a"), 1.5)));
        return Template.parse(text).expand(data);
    }

    private static void expands(String text, double value, String wanted) throws TemplateException {
        assertThat(expand(text, value)).as(text).isEqualTo(wanted);
    }

    private static void refuses(String text, String message) {
        assertThatThrownBy(() -> Template.parse(text))
                .as(text)
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(message);
    }

    @Test
    void knowsLabelsAndValue() throws Exception {
        expands("{{ $labels.instance }} of {{ .Labels.job }}: {{ $value }}", 0.25, "web-1:9100 of node: 0.25");
        expands("{{ .Value }}, {{ $.Value }}", 1_234_567, "1.234567e+06, 1.234567e+06");
        expands("[{{ $labels.absent }}]", 1, "[]");
        expands(
                "{{ $externalLabels.region }} {{ .ExternalLabels.region }} {{ externalURL }} {{ pathPrefix }}",
                1,
                "eu eu http://here:8080/ms /ms");
        expands("a {{- /* gone */ -}} b {{- \" c\" }}", 1, "ab c");
        expands("{{ $x := 2.0 }}{{ if gt $value $x }}{{ $x = 9.0 }}{{ end }}{{ $x }}", 3, "9");
    }

    @Test
    void writesNumbersForPeople() throws Exception {
        expands(
                "{{ humanize 0.0 }} {{ humanize 1234567.0 }} {{ humanize .12 }} {{ humanize `-1230` }}",
                1,
                "0 1.235M 120m -1.23k");
        expands("{{ humanize1024 1048576.0 }} {{ humanize1024 1.0 }} {{ 1536 | humanize1024 }}", 1, "1Mi 1 1.5ki");
        expands(
                "{{ range $v := query `x` }}{{ end }}{{ humanizeDuration 0.0 }} {{ humanizeDuration 60.0 }}"
                        + " {{ humanizeDuration 3600 }} {{ humanizeDuration 86400.0 }} {{ humanizeDuration .1 }}"
                        + " {{ humanizeDuration 899.99 }} {{ humanizeDuration -1.5 }}",
                1,
                "0s 1m 0s 1h 0m 0s 1d 0h 0m 0s 100ms 14m 59s -1.5s");
        expands("{{ -0.22222 | humanizePercentage }} {{ humanizePercentage 0.1234567 }}", 1, "-22.22% 12.35%");
        expands("{{ 1435065584.128 | humanizeTimestamp }}", 1, "2015-06-23 13:19:44.128 +0000 UTC");
        expands("{{ humanizeTimestamp 1e9 }}", 1, "2001-09-09 01:46:40 +0000 UTC");
    }

    @Test
    void formats() throws Exception {
        expands(
                "{{ printf \"%.2f|%5.1f|%-4s|%q|%d|%%|%v\" $value 2.25 \"a\" \"b\" 7 1.5 }}",
                3.14159, "3.14|  2.2|a   |\"b\"|7|%|1.5");
        expands("{{ printf \"%d\" $value }} {{ printf \"%s\" }}", 1.5, "%!d(float64=1.5) %!s(MISSING)");
        expands(
                "{{ $labels.instance | stripPort | toUpper }} {{ title \"aa bB\" }} {{ toLower \"AB\" }}",
                1,
                "WEB-1 Aa BB ab");
        expands("{{ reReplaceAll \"(.*):(\\\\d+)\" \"${2}/$1\" $labels.instance }}", 1, "9100/web-1");
        expands(
                "{{ match \"^web\" $labels.instance }} {{ stripDomain \"a.b.c:80\" }} {{ stripPort \"[::1]:9\" }}",
                1,
                "true a:80 ::1");
    }

    @Test
    void escapesAsGoDoes() throws Exception {
        expands("{{ urlQueryEscape \"a b*~/{=\" }} {{ \"é&\" | urlquery }}", 1, "a+b%2A~%2F%7B%3D %C3%A9%26");
        expands("{{ tableLink \"x{a=~'b*'}\" }}", 1, "/graph?g0.expr=x%7Ba%3D~%27b%2A%27%7D&g0.tab=1");
    }

    @Test
    void decidesAndRepeats() throws Exception {
        expands("{{ if gt $value 5.0 }}high{{ else if eq $value 3.0 }}three{{ else }}low{{ end }}", 3, "three");
        expands("{{ with query \"none\" }}some{{ else }}none{{ end }}", 1, "none");
        expands("{{ with query \"x\" }}{{ . | first | value }} {{ (index . 1).Labels.host }}{{ end }}", 1, "2 a");
        expands(
                "{{ range query \"x\" | sortByLabel \"host\" }}{{ .Labels.host }}={{ .Value }};{{ end }}",
                1,
                "a=1.5;b=2;");
        expands("{{ range $i, $e := query \"x\" }}{{ $i }}{{ label \"host\" $e }}{{ end }}", 1, "0b1a");
        expands("{{ and true \"\" }}|{{ or \"\" \"x\" }}|{{ not $value }}|{{ len $labels }}", 1, "|x|false|2");
    }

    @Test
    void refusesWhatIsNoTemplateOrNotSupported() {
        refuses("{{ $labels.instance", "template: 1:20: unclosed action");
        refuses("a\n {{ nothing 1 }}", "template: 2:5: function \"nothing\" not defined");
        refuses("{{ $x }}", "template: 1:4: undefined variable $x");
        refuses("{{ if true }}a", "found no {{end}}");
        refuses("{{ end }}", "unexpected {{end}}");
        refuses("{{ template \"x\" }}", "{{template}} is not supported");
        refuses("{{ humanize }}", "wrong number of arguments for humanize: found 0, wanted 1");
        refuses("{{ $value | .x }}", "non executable command in pipeline");
        refuses("{{ $value 1 }}", "can't give argument to non-function");
        refuses("{{ \"a }}", "unterminated quoted string");
        refuses("{{ }}", "found the end of the action, wanted a value");
        refuses("{{ if true }}".repeat(100), "nested deeper than 64");
        refuses("{{ " + "(".repeat(100), "nested deeper than 64");
        refuses("{{ 1" + " | print".repeat(10_000), "found more than 500 words in an action");
    }

    @Test
    void tellsWhatFails() {
        assertThatThrownBy(() -> expand("{{ query \"none\" | first | value }}", 1))
                .hasMessageContaining("first() called on vector with no elements");
        assertThatThrownBy(() -> expand("{{ gt $value 5 }}", 1)).hasMessageContaining("incompatible types");
        assertThatThrownBy(() -> expand("{{ .Nothing }}", 1)).hasMessageContaining("can't evaluate field Nothing");
    }
}

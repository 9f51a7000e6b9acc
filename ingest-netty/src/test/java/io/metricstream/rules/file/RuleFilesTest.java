package io.metricstream.rules.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken as a file of rules, and what is refused with its line. */
final class RuleFilesTest {
    private static final String GOOD = """
            groups:
              - name: first
                interval: 15s
                limit: 10
                rules:
                  - record: job:up:sum
                    expr: sum by (job) (up)
                    labels: {team: a}
                  - alert: Down
                    expr: up == 0
                    for: 5m
                    keep_firing_for: 1m
                    labels: {severity: page}
                    annotations:
                      summary: "{{ $labels.instance }} is down for {{ humanizeDuration 300.0 }}"
            """;

    @TempDir
    private Path folder;

    private static List<GroupSpec> parse(String yaml) throws RuleFileException {
        return RuleFiles.parse(Map.of("f.yml", yaml));
    }

    private static void refuses(String yaml, String message) {
        assertThatThrownBy(() -> parse(yaml))
                .as(yaml)
                .isInstanceOf(RuleFileException.class)
                .hasMessageContaining(message);
    }

    private static String rule(String fields) {
        return "groups:\n- name: g\n  rules:\n  - " + fields.replace("\n", "\n    ");
    }

    @Test
    void readsEveryField() throws Exception {
        GroupSpec group = parse(GOOD).get(0);
        assertThat(group.name()).isEqualTo("first");
        assertThat(group.intervalMillis()).isEqualTo(15_000);
        assertThat(group.limit()).isEqualTo(10);
        RuleSpec.Recording record = (RuleSpec.Recording) group.rules().get(0);
        assertThat(record.expr()).hasToString("sum by (job) (up)");
        assertThat(record.labels()).isEqualTo(Map.of("team", "a"));
        RuleSpec.Alerting alert = (RuleSpec.Alerting) group.rules().get(1);
        assertThat(alert.holdMillis()).isEqualTo(300_000);
        assertThat(alert.keepFiringMillis()).isEqualTo(60_000);
        assertThat(parse(GOOD)).isEqualTo(parse(GOOD));
    }

    @Test
    void givesRulesTheLabelsOfTheirGroup() throws Exception {
        GroupSpec group = parse("""
                        groups:
                        - name: g
                          query_offset: 30s
                          labels: {a: x, b: y}
                          rules:
                          - record: r
                            expr: 1
                            labels: {b: z}
                        """).get(0);
        assertThat(group.queryOffsetMillis()).isEqualTo(30_000);
        assertThat(((RuleSpec.Recording) group.rules().get(0)).labels()).isEqualTo(Map.of("a", "x", "b", "z"));
    }

    @Test
    void takesNothingAsNoGroups() throws Exception {
        assertThat(parse("")).isEmpty();
        assertThat(parse("groups:\n")).isEmpty();
        assertThat(parse("# nothing\n")).isEmpty();
    }

    @Test
    void refusesWithFileAndLine() {
        refuses("groups:\n- name: g\n  rulez: []\n", "f.yml:3: field rulez not known");
        refuses("groups: [\n", "f.yml:");
        refuses("groups:\n- rules: []\n", "f.yml:2: a group wants a name");
        refuses("groups:\n- name: g\n- name: g\n", "f.yml:3: group g is repeated in the same file");
        refuses(rule("expr: 1"), "one of record and alert must be set");
        refuses(rule("record: a\nalert: b\nexpr: 1"), "only one of record and alert may be set");
        refuses(rule("record: a"), "a: field expr must be set");
        refuses(rule("record: a\nexpr: sum("), "f.yml:5: a: could not parse expression: 1:5: parse error");
        refuses(rule("record: a\nexpr: 1\nfor: 5m"), "f.yml:6: a: invalid field for in a recording rule");
        refuses(rule("record: a\nexpr: 1\nannotations: {b: c}"), "invalid field annotations in a recording rule");
        refuses(rule("record: a{b=\"c\"}\nexpr: 1"), "invalid recording rule name");
        refuses(rule("alert: a\nexpr: 1\nfor: soon"), "f.yml:6: for: not a valid duration");
        refuses(rule("alert: a\nexpr: 1\nlabels: {__name__: x}"), "invalid label name: __name__");
        refuses(
                rule("alert: a\nexpr: 1\nannotations: {b: '{{ x }}'}"),
                "annotations: b: template: 1:4: function \"x\"");
        refuses(rule("alert: a\nexpr: 1\nexpr: 2"), "f.yml:6: ");
    }

    @Test
    void findsFilesByPattern() throws Exception {
        Files.createDirectories(folder.resolve("a/b"));
        Files.writeString(folder.resolve("a/1.yml"), GOOD);
        Files.writeString(folder.resolve("a/2.rules"), GOOD);
        Files.writeString(folder.resolve("a/b/3.yml"), GOOD);
        assertThat(found("a/*.yml")).containsExactly("a/1.yml");
        assertThat(found("*/*/*.yml")).containsExactly("a/b/3.yml");
        assertThat(found("a/[0-9].*")).containsExactly("a/1.yml", "a/2.rules");
        assertThat(found("a/2.rules")).containsExactly("a/2.rules");
        assertThat(found("a/none.yml")).isEmpty();
        assertThat(found("none/*.yml")).isEmpty();
        assertThat(found("a/[^0]*/*.yml")).containsExactly("a/b/3.yml");
        assertThat(found("a//*.yml")).containsExactly("a/1.yml");
        Files.createSymbolicLink(folder.resolve("l"), folder.resolve("a"));
        assertThat(found("l/*.yml")).containsExactly("l/1.yml");
        assertThatThrownBy(() -> found("a/[")).hasMessageContaining("a/[:1: not a pattern");
    }

    private List<String> found(String pattern) throws RuleFileException {
        return RuleFiles.read(List.of(folder + "/" + pattern)).keySet().stream()
                .map(path -> folder.relativize(Path.of(path)).toString())
                .toList();
    }

    @Test
    void takesOnlyWhatPromtoolTakes() throws Exception {
        Path promtool = Path.of("/usr/bin/promtool");
        assumeTrue(Files.isExecutable(promtool), "promtool is not installed");
        Path file = folder.resolve("good.yml");
        Files.writeString(file, GOOD);
        Process check = new ProcessBuilder(promtool.toString(), "check", "rules", file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(output).isZero();
    }
}

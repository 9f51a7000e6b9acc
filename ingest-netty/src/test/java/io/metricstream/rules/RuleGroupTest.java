package io.metricstream.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.metricstream.model.Labels;
import io.metricstream.promql.engine.ResultSeries;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluations minute by minute: the states of alerts, what is written, and what goes over restarts and changed files. */
final class RuleGroupTest {
    private static final long MINUTE = 60_000;
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");

    private static final String RULES = """
            groups:
              - name: g
                rules:
                  - record: load:double
                    expr: load * 2
                    labels: {by: rule}
                  - alert: High
                    expr: load:double > 10
                    for: 2m
                    keep_firing_for: 3m
                    labels: {severity: '{{ if gt $value 15.0 }}page{{ else }}mail{{ end }}'}
                    annotations:
                      summary: '{{ $labels.host | toUpper }} at {{ $value | humanize }}: {{ printf "%.1f" $value }}'
                      others: '{{ range query "load" | sortByLabel "host" }}{{ .Labels.host }}={{ .Value }} {{ end }}'
                  - alert: Now
                    expr: load > 7
                    annotations:
                      numbers: >-
                        {{ with query "load{host=\\"a\\"} * 1234.5678" }}{{ $v := . | first | value }}
                        {{ $v }} {{ humanize $v }} {{ humanize1024 $v }} {{ humanizeDuration $v }}
                        {{ humanizePercentage $v }} {{ humanizeTimestamp $v }} {{ printf "%.3f|%9.2f|%-9.1f|%g|%e|%v" $v $v $v $v $v $v }}
                        {{ end }}
                      small: >-
                        {{ with query "load{host=\\"a\\"} / 98765" }}{{ $v := . | first | value }}
                        {{ $v }} {{ humanize $v }} {{ humanize1024 $v }} {{ humanizeDuration $v }}
                        {{ humanizePercentage $v }} {{ printf "%.3f %g %5d %s" $v $v 7 "x" }}
                        {{- end -}}
                      large: >-
                        {{ with query "load{host=\\"a\\"} * 1e9" }}{{ $v := . | first | value }}
                        {{ $v }} {{ humanize $v }} {{ humanize1024 $v }} {{ humanizeDuration $v }} {{ humanizeTimestamp $v }}
                        {{ end }}
                      texts: >-
                        {{ title "aa bb-cc d_e" }} {{ "x" | toUpper }} {{ toLower "ABC" }} {{ stripPort "h.d:80" }}
                        {{ stripPort "[::1]:80" }} {{ stripPort "::1" }} {{ reReplaceAll "(a)(?P<n>b*)" "<$2-${n}-$1x>" "abbc a" }}
                        {{ match "^h" "host" }} {{ len "äb" }} {{ index $labels "host" }} {{ $labels.none }} {{ $labels }}
                        {{ printf "%q %5s|%-5s|%05d %t %x" "a\\tb" "ab" "cd" 42 true 255 }} {{ print 1 2 "a" "b" 3.0 }}
                        {{ tableLink "a + b" }} {{ graphLink "up{a=\\"b\\"}" }}
                      logic: >-
                        {{ if and (gt $value 7.0) (ne $labels.host "b") }}and{{ end }} {{ or "" "or" }} {{ not true }}
                        {{ eq 1 2 1 }} {{ le 1.5 1.5 }} {{ if eq $value 8.0 }}eight{{ else if lt $value 9.5 }}nine{{ else }}more{{ end }}
                        {{ range $i, $s := query "load" | sortByLabel "host" }}{{ $i }}:{{ $s.Labels.host }}={{ $s | value }},{{ else }}none{{ end }}
                        {{ with query "absent_metric" }}some{{ else }}none{{ end }} {{ $x := 1 }}{{ $x = 2 }}{{ $x }} {{/* gone */}}
            """;

    /** Of host a; host b has 1 all the time. */
    private static final double[] LOAD = {1, 6, 6, 6, 8, 8, 8, 8, 1, 6, 1, 1, 1, 1, 1, 9, 9, 9, 9, 1, 9, 1, 1, 1, 1, 1};

    @TempDir
    private Path folder;

    private RulesRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new RulesRig(folder.resolve("data"));
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private void load(long minute, double value) throws Exception {
        rig.append(Labels.of(Labels.NAME, "load", "host", "a"), minute * MINUTE, value);
        rig.append(Labels.of(Labels.NAME, "load", "host", "b"), minute * MINUTE, 1);
    }

    private static List<AlertView> alerts(RuleGroup group, String name) {
        return group.view().rules().stream()
                .filter(rule -> rule.name().equals(name))
                .flatMap(rule -> rule.alerting().alerts().stream())
                .toList();
    }

    private List<String> query(String expression, long minute) throws Exception {
        return rig.queries().at(expression, minute * MINUTE).stream()
                .map(RuleGroupTest::shown)
                .toList();
    }

    private static String shown(ResultSeries series) {
        return series.labels() + " " + series.value(0);
    }

    /** Every state and series at every minute is told to promtool, which works them out by itself and says where it differs. */
    @Test
    void goesThroughTheStatesThatPromtoolGoesThrough() throws Exception {
        assumeTrue(Files.isExecutable(PROMTOOL), "promtool is not installed");
        var script = new StringBuilder("rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n"
                + "  input_series:\n  - {series: 'load{host=\"a\"}', values: '");
        for (double value : LOAD) {
            script.append((int) value).append(' ');
        }
        script.append("'}\n  - {series: 'load{host=\"b\"}', values: '1x")
                .append(LOAD.length - 1)
                .append("'}\n");
        var alerts = new StringBuilder("  alert_rule_test:\n");
        var values = new StringBuilder("  promql_expr_test:\n");
        RuleGroup group = rig.group(RULES, false);
        int firing = 0;
        for (int minute = 0; minute < LOAD.length; minute++) {
            load(minute, LOAD[minute]);
            group.evaluate(minute * MINUTE);
            for (String name : List.of("High", "Now")) {
                alerts.append("  - {eval_time: ")
                        .append(minute)
                        .append("m, alertname: ")
                        .append(name);
                alerts.append(", exp_alerts: [")
                        .append(expected(alerts(group, name)))
                        .append("]}\n");
                firing += alerts(group, name).size();
            }
            for (String expression : List.of("load:double", "ALERTS", "ALERTS_FOR_STATE")) {
                values.append("  - {expr: ")
                        .append(expression)
                        .append(", eval_time: ")
                        .append(minute);
                values.append("m, exp_samples: [")
                        .append(samples(expression, minute))
                        .append("]}\n");
            }
        }
        assertThat(firing).isGreaterThan(10);
        assertThat(alerts.toString()).contains("eight 0:a=8", "9.877k").doesNotContain("error expanding");
        Files.writeString(folder.resolve("rules.yml"), RULES);
        Path test = folder.resolve("test.yml");
        Files.writeString(test, script.append(alerts).append(values));
        Process promtool = new ProcessBuilder(PROMTOOL.toString(), "test", "rules", test.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(output).isZero();
    }

    private static String expected(List<AlertView> alerts) {
        return alerts.stream()
                .filter(alert -> alert.state() == AlertState.FIRING)
                .map(alert -> {
                    Map<String, String> labels = LabelMaps.of(alert.labels());
                    labels.remove("alertname");
                    return "{exp_labels: " + yaml(labels) + ", exp_annotations: " + yaml(alert.annotations()) + "}";
                })
                .collect(Collectors.joining(", "));
    }

    private static String yaml(Map<String, String> texts) {
        return texts.entrySet().stream()
                .map(text -> text.getKey() + ": '" + text.getValue() + "'")
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private String samples(String expression, long minute) throws Exception {
        return rig.queries().at(expression, minute * MINUTE).stream()
                .map(series -> {
                    Map<String, String> labels = LabelMaps.of(series.labels());
                    String name = labels.remove(Labels.NAME);
                    String inner = labels.entrySet().stream()
                            .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
                            .collect(Collectors.joining(","));
                    return "{labels: '" + name + "{" + inner + "}', value: " + series.value(0) + "}";
                })
                .collect(Collectors.joining(", "));
    }

    @Test
    void firesAfterItsTimeAndIsResolved() throws Exception {
        RuleGroup group = rig.group(RULES, false);
        for (int minute = 0; minute < 4; minute++) {
            load(minute, 6);
            group.evaluate(minute * MINUTE);
            AlertState wanted = minute < 2 ? AlertState.PENDING : AlertState.FIRING;
            assertThat(alerts(group, "High")).extracting(AlertView::state).containsExactly(wanted);
        }
        assertThat(query("ALERTS_FOR_STATE", 3)).singleElement().asString().endsWith(" 0.0");
        for (int minute = 4; minute < 9; minute++) {
            load(minute, 1);
            group.evaluate(minute * MINUTE);
            boolean kept = minute < 7;
            assertThat(alerts(group, "High")).hasSize(kept ? 1 : 0);
            if (kept) {
                assertThat(alerts(group, "High").get(0).keepFiringSinceMillis()).isEqualTo(4 * MINUTE);
            }
        }
        assertThat(query("ALERTS", 8)).isEmpty();
    }

    @Test
    void refusesDuplicatesAndMoreThanTheLimit() throws Exception {
        load(0, 6);
        RuleGroup group = rig.group("""
                groups:
                  - name: g
                    limit: 1
                    rules:
                      - {record: same, expr: load, labels: {host: x}}
                      - {alert: Same, expr: load, labels: {host: x}}
                      - {record: many, expr: load}
                      - {alert: Many, expr: load}
                      - {record: text, expr: '"x"'}
                """, false);
        group.evaluate(0);
        assertThat(group.view().rules())
                .extracting(rule -> rule.outcome().error())
                .containsExactly(
                        "vector contains metrics with the same labelset after applying rule labels",
                        "vector contains metrics with the same labelset after applying alert labels",
                        "exceeded limit of 1 with 2 series",
                        "exceeded limit of 1 with 2 alerts",
                        "rule result is not a vector or scalar");
    }

    @Test
    void saysWhereSamplesWereNotStored() throws Exception {
        load(0, 6);
        RuleGroup group = rig.group(RULES, false);
        rig.failWrites("2 samples not stored: the disk was full");
        group.evaluate(0);
        RuleView.Outcome outcome = group.view().rules().get(0).outcome();
        assertThat(outcome.health()).isEqualTo("err");
        assertThat(outcome.error()).isEqualTo("2 samples not stored: the disk was full");
        rig.failWrites("");
        group.evaluate(MINUTE);
        assertThat(group.view().rules().get(0).outcome().health()).isEqualTo("ok");
    }

    @Test
    void asksAndWritesEarlierByTheOffset() throws Exception {
        load(0, 6);
        RuleGroup group = rig.group(
                "{groups: [{name: g, query_offset: 2m, rules: [{record: r, expr: 'timestamp(load)'}]}]}", false);
        group.evaluate(2 * MINUTE);
        assertThat(query("timestamp(r)", 0)).hasSize(2);
        assertThat(query("timestamp(r)", 2))
                .allSatisfy(series -> assertThat(series).endsWith(" 0.0"));
    }

    private static final String SLOW = "{groups: [{name: g, rules: [{alert: Slow, expr: load > 5, for: 30m}]}]}";

    /** @param minutes that the alert had been pending when the server went down, for ten minutes */
    private long activeAfterRestart(long minutes) throws Exception {
        RuleGroup before = rig.group(SLOW, false);
        for (long minute = 0; minute <= minutes; minute++) {
            load(minute, 6);
            before.evaluate(minute * MINUTE);
        }
        RuleGroup after = rig.group(SLOW, true);
        for (long minute = minutes + 10; minute <= minutes + 11; minute++) {
            load(minute, 6);
            after.evaluate(minute * MINUTE);
            assertThat(query("ALERTS_FOR_STATE @ " + minute * 60 + " offset 1ms", minute))
                    .hasSizeLessThan(2);
        }
        return alerts(after, "Slow").get(0).activeAtMillis() / MINUTE;
    }

    @Test
    void doesNotCountTheTimeThatTheServerWasDown() throws Exception {
        assertThat(activeAfterRestart(5)).isEqualTo(11);
    }

    @Test
    void letsSomeTimePassAfterARestartBeforeAnAlertFires() throws Exception {
        assertThat(activeAfterRestart(25)).isEqualTo(25 + 11 + 10 - 30);
    }

    @Test
    void goesOnWithAnAlertThatFiredBefore() throws Exception {
        assertThat(activeAfterRestart(35)).isZero();
    }

    @Test
    void takesOverWhatIsTheSameInAChangedFile() throws Exception {
        RuleGroup before = rig.group(RULES, false);
        load(0, 8);
        before.evaluate(0);
        RuleGroup after =
                rig.group(RULES.replace("- alert: Now", "- alert: Other").replace("for: 2m", "for: 3m"), before);
        after.takeOver();
        load(1, 8);
        after.evaluate(MINUTE);
        assertThat(alerts(after, "High").get(0).activeAtMillis()).isZero();
        assertThat(query("ALERTS{alertname=\"Now\"}", 1)).isEmpty();
        assertThat(query("ALERTS{alertname=\"Other\"}", 1)).hasSize(1);
        after.end(2 * MINUTE, Set.of());
        assertThat(query("{__name__=~\"ALERTS.*|load:double\"}", 2)).isEmpty();
    }

    @Test
    void goesOnWithTheSeriesOfAGroupThatGotAnotherName() throws Exception {
        RuleGroup before = rig.group(RULES, false);
        load(0, 8);
        before.evaluate(0);
        RuleGroup renamed = rig.group(RULES.replace("name: g", "name: h").replace("alert: Now", "alert: Other"), false);
        renamed.evaluate(MINUTE);
        before.end(MINUTE, renamed.written());
        assertThat(query("load:double", 1)).hasSize(2);
        assertThat(query("ALERTS{alertname=\"High\"}", 1)).hasSize(1);
        assertThat(query("ALERTS{alertname=\"Now\"}", 1)).isEmpty();
    }

    @Test
    void takesOverThroughAFileThatWasInForceForAMoment() throws Exception {
        RuleGroup before = rig.group(RULES, false);
        load(0, 8);
        before.evaluate(0);
        RuleGroup between = rig.group(RULES.replace("for: 2m", "for: 3m"), before);
        RuleGroup after = rig.group(RULES.replace("for: 2m", "for: 4m"), between);
        load(1, 8);
        after.evaluate(MINUTE);
        assertThat(alerts(after, "High").get(0).activeAtMillis()).isZero();
        before.evaluate(2 * MINUTE);
        between.evaluate(2 * MINUTE);
        assertThat(between.view().atMillis()).as("late ones do nothing").isZero();
    }

    @Test
    void changesNothingWhereRulesAreStopped() throws Exception {
        RuleGroup group = rig.group(RULES, false);
        load(0, 8);
        group.evaluate(0);
        rig.queries().cancel();
        assertThatThrownBy(() -> group.evaluate(MINUTE)).isInstanceOf(InterruptedException.class);
        assertThat(group.view().rules())
                .allSatisfy(rule -> assertThat(rule.outcome().health()).isEqualTo("ok"));
        assertThat(alerts(group, "High")).hasSize(1);
    }

    @Test
    void tellsOfAnAlertAgainAfterTheDelayAndOfItsEnd() {
        var alert = new ActiveAlert(Labels.of("alertname", "A"), Map.of(), 1, 0);
        assertThat(alert.takeTurnToSend(0, MINUTE, MINUTE)).isFalse();
        alert.fire(MINUTE);
        assertThat(alert.takeTurnToSend(MINUTE + 1, MINUTE, MINUTE)).isTrue();
        assertThat(alert.message(Map.of(), "").endsAtMillis()).isEqualTo(5 * MINUTE + 1);
        assertThat(alert.takeTurnToSend(2 * MINUTE, MINUTE, MINUTE)).isFalse();
        assertThat(alert.takeTurnToSend(2 * MINUTE + 2, MINUTE, MINUTE)).isTrue();
        alert.resolve(2 * MINUTE + 3);
        assertThat(alert.takeTurnToSend(2 * MINUTE + 3, MINUTE, MINUTE)).isTrue();
        assertThat(alert.message(Map.of(), "").endsAtMillis()).isEqualTo(2 * MINUTE + 3);
        assertThat(alert.message(Map.of("alertname", "B", "c", "d"), "").labels())
                .isEqualTo(Map.of("alertname", "A", "c", "d"));
    }

    @Test
    void givesEachGroupTimesOfItsOwn() {
        for (long now : new long[] {0, 59_999, 60_000, 1_700_000_000_123L}) {
            long next = GroupRunner.after(now, MINUTE, "f;a");
            assertThat(next).isBetween(now + 1, now + MINUTE);
            assertThat(GroupRunner.after(next, MINUTE, "f;a")).isEqualTo(next + MINUTE);
        }
        assertThat(GroupRunner.after(0, MINUTE, "f;a")).isNotEqualTo(GroupRunner.after(0, MINUTE, "f;b"));
    }
}

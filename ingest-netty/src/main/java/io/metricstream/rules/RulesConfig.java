package io.metricstream.rules;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How rules are found and evaluated.
 *
 * @param files patterns of the files of rules
 * @param interval between two evaluations of a group that has none of its own
 * @param threads groups evaluated at once
 * @param alertmanagers where alerts are posted
 * @param externalLabels of this server, which alerts get and templates see
 * @param externalUrl of this server, in alerts; empty for none
 */
public record RulesConfig(
        List<String> files,
        Duration interval,
        int threads,
        List<URI> alertmanagers,
        Map<String, String> externalLabels,
        String externalUrl,
        Delays delays) {
    /**
     * How long alerts wait for what.
     *
     * @param resend after which an alert that still fires is posted again
     * @param outageTolerance how old the state of an alert may be that is taken over after a restart
     * @param grace the least time between a restart and an alert whose state was taken over
     */
    public record Delays(Duration resend, Duration outageTolerance, Duration grace) {}

    public RulesConfig {
        files = List.copyOf(files);
        alertmanagers = List.copyOf(alertmanagers);
        externalLabels = Map.copyOf(externalLabels);
    }
}

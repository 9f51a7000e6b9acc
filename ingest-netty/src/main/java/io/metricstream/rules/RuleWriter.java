package io.metricstream.rules;

import java.time.Duration;
import java.util.List;

/** Stores what rules write. Thread: those of rules, several at once. */
@FunctionalInterface
public interface RuleWriter {
    /**
     * Stores samples as durably as any others, and waits for it: while writes are refused for a reason that passes, at most
     * so long.
     *
     * @return why not all of them are stored; empty where they are
     */
    String write(List<RuleSample> samples, Duration patience) throws InterruptedException;
}

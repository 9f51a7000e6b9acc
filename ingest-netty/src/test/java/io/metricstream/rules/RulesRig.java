package io.metricstream.rules;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.model.NanoClock;
import io.metricstream.model.SeriesKey;
import io.metricstream.promql.engine.QueryEngine;
import io.metricstream.promql.engine.QueryLimits;
import io.metricstream.rules.file.GroupSpec;
import io.metricstream.rules.file.RuleFileException;
import io.metricstream.rules.file.RuleFiles;
import io.metricstream.rules.notify.AlertPost;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.head.SeriesLimits;
import io.metricstream.storage.head.SeriesTable;
import io.metricstream.storage.store.Store;
import io.metricstream.storage.store.StoreConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Groups over a store in a folder, evaluated at the times that a test says. */
final class RulesRig implements AutoCloseable {
    private final Store store;
    private final Head head;
    private final RuleService service;
    private final RuleSurroundings around;
    private final RuleService.Parts parts;
    private long sequence;
    private String writeError = "";

    RulesRig(Path folder) throws StorageFailure {
        NanoClock clock = NanoClock.system();
        store = Store.open(
                new Store.Place(new RealDisk(), folder, () -> 0, clock, new SimpleMeterRegistry()),
                new StoreConfig(StoreConfig.FOREVER, 0, 0, false));
        head = new Head(
                new HeadConfig(64 << 20, Duration.ofHours(2), SeriesLimits.of(100_000, 64 << 20)), store, clock);
        store.start(head, -1, flushed -> {});
        head.startAt(0);
        RulesConfig config = config(List.of());
        var engine = new QueryEngine(
                new QueryLimits(1_000_000, 64 << 20, Duration.ofMinutes(1), Duration.ofMinutes(5)), clock);
        parts = new RuleService.Parts(
                engine, store::ask, (samples, patience) -> write(samples), new SimpleMeterRegistry(), clock, () -> 0);
        service = new RuleService(config, parts);
        around = new RuleSurroundings(
                config,
                new RuleQueries(engine, store::ask),
                parts.writer(),
                new AlertPost(List.of()),
                new RuleMeters(new SimpleMeterRegistry(), service),
                clock);
    }

    private static RulesConfig config(List<String> files) {
        var delays = new RulesConfig.Delays(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofMinutes(10));
        return new RulesConfig(files, Duration.ofMinutes(1), 1, List.of(), Map.of(), "", delays);
    }

    /** A service of its own over the same store, for whoever stops it. */
    RuleService service(Path file) {
        var apart = new RuleService.Parts(
                parts.engine(),
                parts.stored(),
                parts.writer(),
                new SimpleMeterRegistry(),
                parts.nanoClock(),
                parts.epochClock());
        return new RuleService(config(List.of(file.toString())), apart);
    }

    /** The one group of a file's text. */
    RuleGroup group(String yaml, boolean fresh) throws RuleFileException {
        return new RuleGroup(spec(yaml), around, fresh);
    }

    /** The same in place of another whose file it was. */
    RuleGroup group(String yaml, RuleGroup before) throws RuleFileException {
        return new RuleGroup(spec(yaml), around, before);
    }

    private static GroupSpec spec(String yaml) throws RuleFileException {
        return RuleFiles.parse(Map.of("rules.yml", yaml)).get(0);
    }

    void append(Labels labels, long timeMillis, double value) throws StorageFailure {
        Map<String, String> tags = new HashMap<>(LabelMaps.of(labels));
        tags.remove(Labels.NAME);
        byte[] key = SeriesKey.of(MetricType.GAUGE, labels.get(Labels.NAME), tags);
        long hash = SeriesKey.hash(key, 0, key.length);
        SeriesTable series = head.series();
        int known = series.find(key, 0, key.length, hash);
        int ref = known >= 0 ? known : series.add(key, 0, key.length, hash);
        head.append(new int[] {ref}, new long[] {timeMillis}, new double[] {value}, 1);
        head.onApplied(++sequence);
    }

    /** From here on, writes of rules fail with this; empty where they do not. */
    void failWrites(String error) {
        writeError = error;
    }

    RuleQueries queries() {
        return around.queries();
    }

    private String write(List<RuleSample> samples) {
        if (!writeError.isEmpty()) {
            return writeError;
        }
        try {
            for (RuleSample sample : samples) {
                append(sample.labels(), sample.timestampMillis(), sample.value());
            }
            return "";
        } catch (StorageFailure e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            service.stop();
            if (!store.close(Duration.ofSeconds(30))) {
                throw new IllegalStateException("not flushed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while flushing", e);
        }
    }
}

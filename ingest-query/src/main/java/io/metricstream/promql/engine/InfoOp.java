package io.metricstream.promql.engine;

import io.metricstream.model.Labels;
import io.metricstream.promql.parse.Shift;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code info()}: series with the labels of the info series that have the same {@code instance} and {@code job}. Of several
 * with the same name, the one with the newest sample counts.
 */
record InfoOp(VectorOp inner, InfoSelection selection, Shift shift) implements VectorOp {
    private static final double MILLIS = 1000;
    private static final Set<String> IDENTIFYING = Set.of("instance", "job");

    /** What a map of one name and a list of one series take. */
    private static final int NAMES_BYTES = 256;

    /** An info series with the time of its sample at each step. */
    private record Info(Labels labels, Column times) {}

    private record Base(Labels labels, boolean nameDropped, Column column) {}

    @Override
    public void run(Evaluation evaluation, Grid grid, SeriesSink sink) throws QueryException {
        var bases = new ArrayList<Base>();
        inner.run(evaluation, grid, (labels, nameDropped, column) -> bases.add(new Base(labels, nameDropped, column)));
        Set<String> identifying = IDENTIFYING.stream()
                .filter(label ->
                        bases.stream().anyMatch(base -> !base.labels.get(label).isEmpty()))
                .collect(Collectors.toUnmodifiableSet());
        Groups<Map<String, List<Info>>> infos = infos(evaluation, grid, identifying);
        var merge = new SeriesMerge(evaluation.budget(), sink);
        for (Base base : bases) {
            evaluation.budget().onSeries(0);
            Map<String, List<Info>> found = infos.find(identity(base.labels));
            Map<String, List<Info>> matching = found == null ? Map.of() : found;
            if (selection.isInfo(base.labels)) {
                merge.accept(base.labels, base.nameDropped, base.column);
            } else {
                enrich(base, matching, evaluation, merge);
            }
        }
        infos.drain((labels, byName) -> {
            for (List<Info> named : byName.values()) {
                named.forEach(info -> evaluation.budget().give(info.times));
            }
        });
        merge.flush();
    }

    private static Labels identity(Labels labels) {
        return LabelSets.keep(labels, IDENTIFYING::contains);
    }

    /** Those that have all labels by which any series is identified, by those labels and by name. */
    private Groups<Map<String, List<Info>>> infos(Evaluation evaluation, Grid grid, Set<String> identifying)
            throws QueryException {
        Groups<Map<String, List<Info>>> infos = Groups.sharing(evaluation.budget(), NAMES_BYTES);
        if (identifying.isEmpty()) {
            return infos;
        }
        List<Matcher> matchers = new ArrayList<>(selection.names());
        identifying.forEach(label -> matchers.add(new Matcher(label, MatchOp.NOT_EQUAL, "")));
        selection.data().values().forEach(matchers::addAll);
        new SelectorOp(StoredSamples.single(matchers, shift), true)
                .run(evaluation, grid, (labels, nameDropped, column) -> infos.get(identity(labels), LinkedHashMap::new)
                        .computeIfAbsent(labels.get(Labels.NAME), any -> new ArrayList<>())
                        .add(new Info(labels, column)));
        return infos;
    }

    private void enrich(Base base, Map<String, List<Info>> matching, Evaluation evaluation, SeriesMerge merge)
            throws QueryException {
        Map<Labels, Column> parts = new LinkedHashMap<>();
        for (int step = base.column.next(0); step < base.column.steps(); step = base.column.next(step + 1)) {
            for (List<Info> named : matching.values()) {
                evaluation.budget().onSeries(named.size());
            }
            Labels labels = labels(base.labels, matching, step);
            if (labels == null) {
                continue;
            }
            Column part = parts.get(labels);
            if (part == null) {
                part = evaluation.budget().take(base.column.steps(), labels);
                parts.put(labels, part);
            }
            part.set(step, base.column.at(step));
        }
        evaluation.budget().give(base.column);
        for (Map.Entry<Labels, Column> part : parts.entrySet()) {
            merge.accept(part.getKey(), base.nameDropped, part.getValue());
        }
    }

    /** The labels of a series at a step; null where it goes for lack of an info series. */
    private @Nullable Labels labels(Labels base, Map<String, List<Info>> matching, int step) throws QueryException {
        Map<String, String> added = new TreeMap<>();
        boolean found = false;
        for (List<Info> named : matching.values()) {
            Info info = newest(named, step);
            if (info != null) {
                found = true;
                add(info.labels, base, added);
            }
        }
        if (!found && !selection.matchesNothing()) {
            return null;
        }
        Labels labels = base;
        for (Map.Entry<String, String> label : added.entrySet()) {
            labels = LabelSets.with(labels, label.getKey(), label.getValue());
        }
        return labels;
    }

    private static @Nullable Info newest(List<Info> infos, int step) throws QueryException {
        Info newest = null;
        for (Info info : infos) {
            if (!info.times.has(step)) {
                continue;
            }
            double newer = newest == null ? 1 : info.times.at(step) - newest.times.at(step);
            if (newer == 0 && newest != null) {
                long at = Math.round(info.times.at(step) * MILLIS);
                throw QueryException.execution("found duplicate series for info metric: existing "
                        + LabelSets.text(newest.labels) + " @ " + at + ", new " + LabelSets.text(info.labels) + " @ "
                        + at);
            }
            newest = newer > 0 ? info : newest;
        }
        return newest;
    }

    private void add(Labels info, Labels base, Map<String, String> added) throws QueryException {
        for (int i = 0; i < info.size(); i++) {
            String name = info.name(i);
            if (selection.takes(name) && base.get(name).isEmpty()) {
                String before = added.put(name, info.value(i));
                if (before != null && !before.equals(info.value(i))) {
                    throw QueryException.execution("conflicting label: " + name);
                }
            }
        }
    }
}

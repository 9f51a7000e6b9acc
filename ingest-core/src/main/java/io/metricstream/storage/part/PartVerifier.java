package io.metricstream.storage.part;

import io.metricstream.model.Labels;
import io.metricstream.model.SeriesKey;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.Selection;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/**
 * Reads every page of a part and checks that it says the same thing everywhere: times ascend, summaries fit their values,
 * counts fit, and the label index has every label of every series and no other. Changes nothing.
 *
 * <p>Thread: the caller's.
 */
@OwnedBy(Role.MAIN)
public final class PartVerifier {
    private final List<String> findings = new ArrayList<>();

    private PartVerifier() {}

    /** What is wrong with this file; nothing where it is whole. Fails where the file cannot be read at all. */
    public static List<String> verify(Disk disk, Path path) throws StorageFailure {
        var verifier = new PartVerifier();
        try (Part part = Part.open(disk, path)) {
            verifier.check(part);
        } catch (StorageFailure.Corrupt | StorageFailure.Unsupported damage) {
            verifier.findings.add(String.valueOf(damage.getMessage()));
        }
        return verifier.findings;
    }

    private void check(Part part) throws StorageFailure {
        PartHeader header = part.header();
        long samples = 0;
        int series = 0;
        long labels = 0;
        byte[] before = new byte[0];
        try (SeriesCursor cursor = part.select(Selection.ALL)) {
            while (cursor.next()) {
                if (series > 0
                        && SeriesKey.compareByLabels(before, before.length, cursor.key(), cursor.keyLength()) >= 0) {
                    findings.add("series out of order: " + cursor.labels());
                }
                before = java.util.Arrays.copyOf(cursor.key(), cursor.keyLength());
                series++;
                labels += cursor.labels().size();
                samples += checkSamples(cursor.labels(), cursor.samples());
            }
        }
        expect("series", header.series(), series);
        expect("samples", header.samples(), samples);
        expect("labels of series in the index", labels, indexedLabels(part));
    }

    private long checkSamples(Labels of, SampleRuns runs) throws StorageFailure {
        long count = 0;
        long before = Long.MIN_VALUE;
        while (runs.next()) {
            long[] times = runs.timestampsMillis();
            double[] values = runs.values();
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int i = 0; i < runs.count(); i++) {
                if (times[i] <= before && (count > 0 || i > 0)) {
                    findings.add("times out of order: series=" + of + ", time=" + times[i] + ", before=" + before);
                }
                before = times[i];
                least = Math.min(least, values[i]);
                most = Math.max(most, values[i]);
                sum += values[i];
            }
            if (runs.isSummarized()
                    && (runs.min() != least || runs.max() != most || (runs.isSumExact() && runs.sum() != sum))) {
                findings.add("a summary that does not fit: series=" + of + ", time=" + times[0]);
            }
            count += runs.count();
        }
        return count;
    }

    private long indexedLabels(Part part) throws StorageFailure {
        long labels = 0;
        try (PartCounts counts = part.counts()) {
            while (counts.nextLabel()) {
                var series = new RoaringBitmap();
                long values = 0;
                long total = 0;
                while (counts.nextValue()) {
                    values++;
                    total += counts.series();
                    counts.addTo(series);
                }
                expect("values of " + counts.label(), counts.values(), values);
                expect("series with " + counts.label(), total, series.getCardinality());
                labels += total;
            }
        }
        return labels;
    }

    private void expect(String what, long said, long found) {
        if (said != found) {
            findings.add(what + ": found=" + found + ", wanted=" + said);
        }
    }
}

package io.metricstream.export;

import io.metricstream.model.Series;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Selection;
import io.metricstream.storage.StorageFailure;
import java.util.function.LongConsumer;

/**
 * Writes what is selected of a source as lines, once.
 *
 * <p>Thread: its creator. Limits: memory grows with the series that are selected, not with their samples.
 */
@OwnedBy(Role.MAIN)
public final class Export implements SampleExport, SampleSource.Sink {
    private final LineFormat format;
    private final LineOutput output;
    private final LineBuffer lines;
    private final SeriesTexts texts = new SeriesTexts();
    private long samples;

    public Export(LineFormat format, LineOutput output) {
        this.format = format;
        this.output = output;
        this.lines = new LineBuffer(format);
    }

    @Override
    public SourceLoss run(SampleSource source, Selection selection, LongConsumer onProgress) throws StorageFailure {
        lines.addHeader();
        SourceLoss loss = source.read(selection, this, onProgress);
        drain();
        return loss;
    }

    @Override
    public long samples() {
        return samples;
    }

    @Override
    public void onSeries(int ref, Series of) {
        texts.put(ref, format.text(of));
    }

    @Override
    public void onSample(int ref, long timestampMillis, double value) throws StorageFailure {
        SeriesText text = texts.get(ref);
        if (text == null) {
            throw new IllegalStateException("a sample before its series: ref=" + ref);
        }
        lines.add(text, timestampMillis, value);
        samples++;
        if (lines.isFull()) {
            drain();
        }
    }

    private void drain() throws StorageFailure {
        output.write(lines.content());
        lines.clear();
    }
}

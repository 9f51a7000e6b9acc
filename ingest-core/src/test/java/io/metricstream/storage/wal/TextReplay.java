package io.metricstream.storage.wal;

import io.metricstream.model.SeriesKey;
import java.util.ArrayList;
import java.util.List;

/** Each series and each sample as a line of text. */
final class TextReplay implements WalReplay {
    final List<String> lines = new ArrayList<>();

    @Override
    public void onSeries(int ref, byte[] key, int offset, int length) {
        lines.add("series " + ref + " " + SeriesKey.parse(key, offset, length));
    }

    @Override
    public void onSamples(long sequence, int count, int[] refs, long[] timestampsMillis, double[] values) {
        for (int i = 0; i < count; i++) {
            lines.add(refs[i] + " @ " + timestampsMillis[i] + " = "
                    + Long.toHexString(Double.doubleToRawLongBits(values[i])));
        }
    }
}

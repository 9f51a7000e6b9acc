package io.metricstream.export;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The texts of series by their refs. Thread: its creator. */
@OwnedBy(Role.MAIN)
final class SeriesTexts {
    private @Nullable SeriesText[] texts = new SeriesText[1024];
    private int count;

    /** Null forgets the series. */
    void put(int ref, @Nullable SeriesText text) {
        if (ref >= texts.length) {
            texts = Arrays.copyOf(texts, Math.max(ref + 1, texts.length * 2));
        }
        count += (text == null ? 0 : 1) - (texts[ref] == null ? 0 : 1);
        texts[ref] = text;
    }

    @Nullable
    SeriesText get(int ref) {
        return ref < texts.length ? texts[ref] : null;
    }

    int count() {
        return count;
    }
}

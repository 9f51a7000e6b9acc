package io.metricstream.export;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The texts of series by their refs. Thread: its creator. */
@OwnedBy(Role.MAIN)
final class SeriesTexts {
    private @Nullable SeriesText[] texts = new SeriesText[1024];

    /** Null forgets the series. */
    void put(int ref, @Nullable SeriesText text) {
        if (ref >= texts.length) {
            texts = Arrays.copyOf(texts, Math.max(ref + 1, texts.length * 2));
        }
        texts[ref] = text;
    }

    @Nullable
    SeriesText get(int ref) {
        return ref < texts.length ? texts[ref] : null;
    }
}

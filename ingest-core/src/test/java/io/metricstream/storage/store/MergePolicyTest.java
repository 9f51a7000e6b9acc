package io.metricstream.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MergePolicyTest {
    @Test
    void leavesFewPartsAloneWhileTheyGrow() {
        assertThat(MergePolicy.pick(List.of(), false).isEmpty()).isTrue();
        assertThat(MergePolicy.pick(List.of(9L, 9L, 9L), false).isEmpty()).isTrue();
    }

    @Test
    void mergesTheNewestAndReachesBackWhileItPays() {
        assertThat(MergePolicy.pick(List.of(100L, 1L, 1L, 1L, 1L), false)).isEqualTo(new MergePolicy.Range(1, 5));
        assertThat(MergePolicy.pick(List.of(4L, 1L, 1L, 1L, 1L), false)).isEqualTo(new MergePolicy.Range(0, 5));
    }

    @Test
    void makesOnePartOfAQuietPartition() {
        assertThat(MergePolicy.pick(List.of(100L, 10L), true)).isEqualTo(new MergePolicy.Range(0, 2));
        assertThat(MergePolicy.pick(List.of(10L, 100L), true)).isEqualTo(new MergePolicy.Range(0, 2));
        assertThat(MergePolicy.pick(List.of(100L), true).isEmpty()).isTrue();
        assertThat(MergePolicy.pick(Collections.nCopies(100, 1L), true).size()).isEqualTo(MergePolicy.MOST_PARTS);
    }

    @Test
    void doesNotWriteADayAgainForASampleThatCameLate() {
        assertThat(MergePolicy.pick(List.of(100L, 1L), true).isEmpty()).isTrue();
        assertThat(MergePolicy.pick(List.of(100L, 1L, 1L), true)).isEqualTo(new MergePolicy.Range(1, 3));
    }

    @Test
    void rewritesASampleAboutOnceForEachDoubling() {
        var parts = new ArrayList<Long>();
        long written = 0;
        int flushes = 4096;
        int most = 0;
        for (int i = 0; i < flushes; i++) {
            parts.add(1L);
            for (MergePolicy.Range range = MergePolicy.pick(parts, false);
                    !range.isEmpty();
                    range = MergePolicy.pick(parts, false)) {
                List<Long> merged = parts.subList(range.from(), range.to());
                long sum = merged.stream().mapToLong(Long::longValue).sum();
                written += sum;
                merged.clear();
                parts.add(range.from(), sum);
            }
            most = Math.max(most, parts.size());
        }
        assertThat(written).isLessThan(flushes * 9L);
        assertThat(most).isLessThan(40);
    }
}

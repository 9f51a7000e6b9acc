package io.metricstream.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.model.MetricType;
import io.metricstream.model.SampleBatch;
import io.metricstream.model.SeriesKey;
import io.metricstream.storage.head.SeriesTable;
import io.metricstream.storage.wal.WalReplay;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Numbered samples: which were sent, which acknowledged, and whether a log holds those it must and no others. */
final class Ledger {
    private static final long FIRST_MILLIS = 1_763_900_000_000L;
    private static final int SAMPLES_PER_SERIES = 23;
    private static final BitSet NONE = new BitSet();

    private final BitSet sent = new BitSet();
    private final BitSet acknowledged = new BitSet();
    private int next;

    /** A request of the next so many numbers. */
    WriteRequest request(Completions home, SeriesTable series, int samples) {
        var request = new WriteRequest(home, this::onOutcome);
        SampleBatch batch = request.batch();
        batch.begin(series);
        Map<Integer, Integer> refs = new HashMap<>();
        for (int i = 0; i < samples; i++, next++) {
            int ref = refs.computeIfAbsent(next / SAMPLES_PER_SERIES, part -> refOf(part, series, batch));
            batch.add(ref, FIRST_MILLIS + next, next);
            sent.set(next);
        }
        return request;
    }

    private static int refOf(int part, SeriesTable series, SampleBatch batch) {
        byte[] key = SeriesKey.of(MetricType.GAUGE, "numbered", Map.of("part", String.valueOf(part)));
        long hash = SeriesKey.hash(key, 0, key.length);
        int ref = series.find(key, 0, key.length, hash);
        return ref >= 0 ? ref : batch.addNewSeries(key, 0, key.length, hash);
    }

    private void onOutcome(WriteRequest request) {
        if (request.outcome() == WriteOutcome.STORED) {
            SampleBatch batch = request.batch();
            for (int i = 0; i < batch.count(); i++) {
                if (batch.refs()[i] >= 0) {
                    acknowledged.set((int) batch.values()[i]);
                }
            }
        }
    }

    int acknowledged() {
        return acknowledged.cardinality();
    }

    /** From here on nothing need be there; what was never sent must still not be. */
    void forgetAcknowledged() {
        acknowledged.clear();
    }

    /** Fails where an acknowledged sample is missing or one was never sent. */
    void check(Found found, String when) {
        check(found.numbers, when);
    }

    void check(Stored stored, String when) {
        check(stored.numbers, when);
    }

    private void check(BitSet found, String when) {
        BitSet lost = (BitSet) acknowledged.clone();
        lost.andNot(found);
        assertThat(lost).as("lost, " + when).isEqualTo(NONE);
        BitSet invented = (BitSet) found.clone();
        invented.andNot(sent);
        assertThat(invented).as("invented, " + when).isEqualTo(NONE);
    }

    /** What memory and parts hold; the same sample may be in both. */
    static final class Stored {
        private final BitSet numbers = new BitSet();

        void add(int part, long timestampMillis, double value) {
            int number = (int) value;
            if (value != number || timestampMillis != FIRST_MILLIS + number || part != number / SAMPLES_PER_SERIES) {
                throw new AssertionError(
                        "not what was sent: part=" + part + ", time=" + timestampMillis + ", value=" + value);
            }
            numbers.set(number);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Stored stored && stored.numbers.equals(numbers);
        }

        @Override
        public int hashCode() {
            return numbers.hashCode();
        }

        @Override
        public String toString() {
            return numbers.toString();
        }
    }

    /** What a log holds. */
    static final class Found implements WalReplay {
        private static final int NO_PART = -1;

        private final BitSet numbers = new BitSet();
        private int[] partOfRef = new int[0];

        @Override
        public void onSeries(int ref, byte[] key, int offset, int length) {
            int part = Integer.parseInt(
                    String.valueOf(SeriesKey.parse(key, offset, length).tags().get("part")));
            if (ref >= partOfRef.length) {
                int before = partOfRef.length;
                partOfRef = Arrays.copyOf(partOfRef, Math.max(ref + 1, before * 2));
                Arrays.fill(partOfRef, before, partOfRef.length, NO_PART);
            }
            partOfRef[ref] = part;
        }

        @Override
        public void onSamples(long sequence, int count, int[] refs, long[] timestampsMillis, double[] values) {
            for (int i = 0; i < count; i++) {
                int number = (int) values[i];
                boolean whole = values[i] == number
                        && timestampsMillis[i] == FIRST_MILLIS + number
                        && partOfRef[refs[i]] == number / SAMPLES_PER_SERIES;
                if (!whole || numbers.get(number)) {
                    throw new AssertionError("sample " + number + (whole ? " found twice" : " is not what was sent")
                            + ": ref=" + refs[i] + ", time=" + timestampsMillis[i] + ", value=" + values[i]);
                }
                numbers.set(number);
            }
        }

        boolean containsAll(Found other) {
            BitSet missing = (BitSet) other.numbers.clone();
            missing.andNot(numbers);
            return missing.isEmpty();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Found found && found.numbers.equals(numbers);
        }

        @Override
        public int hashCode() {
            return numbers.hashCode();
        }

        @Override
        public String toString() {
            return numbers.toString();
        }
    }
}

package io.metricstream.storage.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.metricstream.model.NanoClock;
import io.metricstream.storage.CrashingDisk;
import io.metricstream.storage.SameThreadExecutor;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * A log of numbered records on a simulated disk, to be damaged and recovered. Record n holds so many samples of value n;
 * the one series has record 0 to itself, so that a record's number is its sequence number as long as no log was ended.
 */
final class NumberedLog {
    static final Path DATA = Path.of("data");
    static final int SEGMENT_BYTES = 64 << 10;
    private static final byte[] KEY = "the one series".getBytes(UTF_8);

    CrashingDisk disk = new CrashingDisk(DATA);
    private final int samplesEach;
    private int next = 1;

    NumberedLog(int samplesEach) {
        this.samplesEach = samplesEach;
    }

    /** What a recovery found: how many samples of each record, and its report. */
    record Found(TreeMap<Integer, Integer> samplesOfRecord, RecoveryReport report, Wal log) implements WalReplay {
        @Override
        public void onSeries(int ref, byte[] key, int offset, int length) {
            if (ref != 0 || !Arrays.equals(key, offset, offset + length, KEY, 0, KEY.length)) {
                throw new AssertionError("an invented series: ref=" + ref);
            }
        }

        @Override
        public void onSamples(long sequence, int count, int[] refs, long[] timestampsMillis, double[] values) {
            for (int i = 0; i < count; i++) {
                if (refs[i] != 0 || timestampsMillis[i] != timeOf((int) values[i], i)) {
                    throw new AssertionError("an invented sample: ref=" + refs[i] + ", value=" + values[i]);
                }
                samplesOfRecord.merge((int) values[i], 1, Integer::sum);
            }
        }

        List<Integer> records() {
            return List.copyOf(samplesOfRecord.keySet());
        }
    }

    Found recover() throws StorageFailure {
        return recover(new WalConfig(Durability.FSYNC, SEGMENT_BYTES, 0));
    }

    Found recover(WalConfig config) throws StorageFailure {
        var replay = new Found(new TreeMap<>(), null, null);
        WalRecovery.Recovered recovered = new WalRecovery(disk, DATA, LogRetention.open(disk, DATA))
                .open(config, replay, (done, total) -> {}, new SameThreadExecutor(), NanoClock.system());
        return new Found(replay.samplesOfRecord, recovered.report(), recovered.log());
    }

    /** Appends so many records, each a group of its own, and closes the log. */
    NumberedLog write(int records) throws StorageFailure {
        try (Wal log = recover().log()) {
            append(log, records);
        }
        return this;
    }

    /** The same, but the process is killed before it closes the log. */
    NumberedLog writeAndKill(int records) throws StorageFailure {
        append(recover().log(), records);
        disk = disk.afterKill();
        return this;
    }

    void append(Wal log, int records) throws StorageFailure {
        for (int i = 0; i < records; i++) {
            append(log);
            log.commit();
        }
    }

    /** Appends one record and does not commit. */
    void append(Wal log) throws StorageFailure {
        if (next == 1) {
            log.appendSeries(0, KEY, 0, KEY.length);
        }
        int[] refs = new int[samplesEach];
        long[] times = new long[samplesEach];
        double[] values = new double[samplesEach];
        for (int i = 0; i < samplesEach; i++) {
            times[i] = timeOf(next, i);
            values[i] = next;
        }
        log.appendSamples(ref -> KEY, refs, times, values, samplesEach);
        next++;
    }

    private static long timeOf(int record, int sample) {
        return 1_763_900_000_000L + record * 10_000L + sample;
    }

    /** A log on a copy of this disk. */
    NumberedLog copy() {
        var copy = new NumberedLog(samplesEach);
        copy.disk = disk.copy();
        copy.next = next;
        return copy;
    }

    static Path segment(long number) {
        return new SegmentFiles(new CrashingDisk(DATA), WalReader.folder(DATA)).path(number);
    }

    byte[] read(long segment) {
        return disk.read(segment(segment));
    }

    void plant(long segment, byte[] content) {
        disk.plant(segment(segment), content);
    }

    /** Where each record of a segment begins, and where the last ends. */
    static List<Integer> recordsOf(byte[] segment) {
        var starts = new ArrayList<Integer>();
        int at = WalLayout.SEGMENT_HEADER_BYTES;
        while (at + WalLayout.RECORD_HEADER_BYTES < segment.length && WalLayout.length(segment, at) > 0) {
            starts.add(at);
            at += WalLayout.recordBytes(WalLayout.length(segment, at));
        }
        starts.add(at);
        return starts;
    }
}

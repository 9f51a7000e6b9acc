package io.metricstream.storage.wal;

import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import io.metricstream.storage.wal.SegmentFiles.Segment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Checks every record of a data folder and changes nothing. Stateless. */
public final class WalVerifier {
    private static final WalReplay NOTHING = new WalReplay() {
        @Override
        public void onSeries(int ref, byte[] key, int offset, int length) {
            // Counted by the walk.
        }

        @Override
        public void onSamples(int count, int[] refs, long[] timestampsMillis, double[] values) {
            // Counted by the walk.
        }
    };

    private WalVerifier() {}

    /** Reads all of the log; {@code onProgress} gets the bytes read, piece by piece. */
    public static RecoveryReport verify(Disk disk, Path dataFolder, LongConsumer onProgress) throws StorageFailure {
        var records = new WalReader.Records(NOTHING, onProgress);
        var collector = new Collector(records);
        new WalWalk(disk, WalReader.folder(dataFolder), WalPosition.START, collector).walkTo(null);
        return new RecoveryReport(
                collector.segments,
                records.recordCount,
                records.seriesCount,
                records.sampleCount,
                records.orphanSamples,
                records.undecodable,
                records.maxRef + 1,
                collector.damage);
    }

    private static final class Collector implements WalVisitor {
        private final WalReader.Records records;
        private final List<WalDamage> damage = new ArrayList<>();
        private int segments;

        Collector(WalReader.Records records) {
            this.records = records;
        }

        @Override
        public void onRecord(byte type, byte[] bytes, int payloadAt, int payloadLength) throws StorageFailure {
            records.onRecord(type, bytes, payloadAt, payloadLength);
        }

        @Override
        public void onDamage(WalDamage found) {
            damage.add(found);
        }

        @Override
        public void onSegmentEnd(Segment segment, long recordsEnd, long sizeBytes, boolean anyRecord) {
            segments++;
        }

        @Override
        public void onProgress(long bytes) {
            records.onProgress(bytes);
        }
    }
}

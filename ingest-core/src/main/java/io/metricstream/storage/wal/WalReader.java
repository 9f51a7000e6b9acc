package io.metricstream.storage.wal;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.Disk;
import io.metricstream.storage.StorageFailure;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log from a position in bounded memory: everything once, or again and again up to where it is durable.
 *
 * <p>Thread: its creator; the log may be appended to meanwhile, by this process or another. Damage is passed over; see
 * {@link WalVerifier} for what there is of it. Samples of a ref that no series record of their log epoch names are dropped
 * and counted.
 */
@OwnedBy(Role.MAIN)
public final class WalReader {
    private static final long NO_SEQUENCE = -1;

    private final Records records;
    private final WalWalk walk;

    /** Reads the log of this data folder; {@code onProgress} gets the bytes read, piece by piece. */
    public WalReader(Disk disk, Path dataFolder, WalPosition from, WalReplay replay, LongConsumer onProgress) {
        this(disk, dataFolder, from, NO_SEQUENCE, replay, onProgress);
    }

    /** The same from the start, where samples before this record are not wanted: their series may be gone already. */
    public WalReader(Disk disk, Path dataFolder, long firstWanted, WalReplay replay, LongConsumer onProgress) {
        this(disk, dataFolder, WalPosition.START, firstWanted, replay, onProgress);
    }

    private WalReader(
            Disk disk, Path dataFolder, WalPosition from, long firstWanted, WalReplay replay, LongConsumer onProgress) {
        this.records = new Records(replay, firstWanted, onProgress);
        this.walk = new WalWalk(new SegmentFiles(disk, folder(dataFolder)), from, records);
    }

    /** Reads on up to this position, or to the end of the log where it is null. */
    public void readTo(@Nullable WalPosition limit) throws StorageFailure {
        walk.walkTo(limit);
    }

    /** Where the next call goes on; asked from within a replay, where the record that is being replayed begins. */
    public WalPosition position() {
        return walk.position();
    }

    public long orphanSamples() {
        return records.orphanSamples;
    }

    /** Places where records that had been durable could not be read. */
    public long damages() {
        return records.damages;
    }

    public static Path folder(Path dataFolder) {
        return dataFolder.resolve("wal");
    }

    /** The files of the log, in order; none where there is no log. */
    public static List<Path> segments(Disk disk, Path dataFolder) throws StorageFailure {
        Path folder = folder(dataFolder);
        return disk.exists(folder)
                ? new SegmentFiles(disk, folder)
                        .list().stream().map(SegmentFiles.Segment::path).toList()
                : List.of();
    }

    /** Decodes records for a replay, and counts. */
    static final class Records implements WalVisitor {
        private static final int NO_EPOCH = -1;

        private final WalReplay replay;
        private final long firstWanted;
        private final LongConsumer onProgress;
        private final SampleCodec codec = new SampleCodec();
        /** Refs that were named in the log epoch of the last record. */
        private final BitSet known = new BitSet();

        private int epoch = NO_EPOCH;
        long recordCount;
        long seriesCount;
        long sampleCount;
        long orphanSamples;
        long damages;
        /** Records whose checksum is right and whose payload still makes no sense. */
        long undecodable;

        int maxRef = -1;

        /** @param firstWanted samples of earlier records are not missed where their series is not known */
        Records(WalReplay replay, long firstWanted, LongConsumer onProgress) {
            this.replay = replay;
            this.firstWanted = firstWanted;
            this.onProgress = onProgress;
        }

        @Override
        public void onRecord(byte[] bytes, int at, WalPosition position) throws StorageFailure {
            recordCount++;
            if (epoch != WalLayout.epoch(bytes, at)) {
                epoch = WalLayout.epoch(bytes, at);
                known.clear();
            }
            byte type = WalLayout.type(bytes, at);
            int payloadAt = at + WalLayout.RECORD_HEADER_BYTES;
            int payloadLength = WalLayout.length(bytes, at);
            if (type == WalLayout.TYPE_SAMPLES && codec.decode(bytes, payloadAt, payloadLength)) {
                onSamples(position.sequence());
            } else if (type == WalLayout.TYPE_SERIES && isSeries(bytes, payloadAt, payloadLength)) {
                int ref = (int) WalLayout.INTS.get(bytes, payloadAt);
                maxRef = Math.max(maxRef, ref);
                if (!known.get(ref)) {
                    known.set(ref);
                    seriesCount++;
                }
                replay.onSeries(ref, bytes, payloadAt + Integer.BYTES, payloadLength - Integer.BYTES);
            } else {
                undecodable++;
            }
        }

        private static boolean isSeries(byte[] bytes, int payloadAt, int payloadLength) {
            return payloadLength > Integer.BYTES && (int) WalLayout.INTS.get(bytes, payloadAt) >= 0;
        }

        private void onSamples(long sequence) throws StorageFailure {
            int[] refs = codec.refs();
            int orphans = 0;
            for (int i = 0; i < codec.count(); i++) {
                maxRef = Math.max(maxRef, refs[i]);
                orphans += known.get(refs[i]) ? 0 : 1;
            }
            if (orphans > 0) {
                orphanSamples += sequence < firstWanted ? 0 : orphans;
                var keep = new boolean[codec.count()];
                for (int i = 0; i < keep.length; i++) {
                    keep[i] = known.get(refs[i]);
                }
                codec.keep(keep);
            }
            sampleCount += codec.count();
            replay.onSamples(sequence, codec.count(), refs, codec.timestampsMillis(), codec.values());
        }

        @Override
        public void onGap() {
            // What was there is gone.
        }

        @Override
        public void onDamage(WalDamage damage) {
            damages += damage.kind() == WalDamage.Kind.TORN ? 0 : 1;
        }

        @Override
        public void onSegmentEnd(SegmentEnd end) {
            // Nothing to do where the log is only read.
        }

        @Override
        public void onProgress(long bytes) {
            onProgress.accept(bytes);
        }
    }
}

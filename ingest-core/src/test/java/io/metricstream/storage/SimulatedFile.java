package io.metricstream.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The content of one file of a {@link CrashingDisk}, under whatever names: what programs see now, what is on the medium,
 * and the changes between the two.
 *
 * <p>Thread: guarded by its disk's monitor.
 */
final class SimulatedFile {
    private static final int SECTOR_BYTES = 512;

    private byte[] now = new byte[0];
    private int size;
    private byte[] durable = new byte[0];
    private final List<Change> unforced = new ArrayList<>();
    private long wornFrom;
    private long wornTo;

    /** Bytes written at an offset, or a new size where there are none. */
    private static final class Change {
        private final long at;
        private final byte[] bytes;
        private final boolean truncates;

        Change(long at, byte[] bytes, boolean truncates) {
            this.at = at;
            this.bytes = bytes;
            this.truncates = truncates;
        }
    }

    /** What the power cut does to what was not forced, for one file. */
    private enum Weather {
        NOTHING_SURVIVES,
        ALL_SURVIVES,
        A_PREFIX_SURVIVES,
        EACH_SECTOR_BY_ITSELF
    }

    SimulatedFile copy() {
        var copy = new SimulatedFile();
        copy.now = now.clone();
        copy.size = size;
        copy.durable = durable.clone();
        copy.unforced.addAll(unforced);
        copy.wear(wornFrom, wornTo);
        return copy;
    }

    /** What is there cannot be read any more. */
    void wear(long from, long to) {
        wornFrom = from;
        wornTo = to;
    }

    boolean isWorn(long from, long to) {
        return Math.max(from, wornFrom) < Math.min(Math.min(to, wornTo), size);
    }

    int size() {
        return size;
    }

    byte[] content() {
        return Arrays.copyOf(now, size);
    }

    /** Puts content there as if it had been for ever. */
    void plant(byte[] content) {
        now = content.clone();
        size = content.length;
        force();
    }

    void write(byte[] bytes, long at) {
        unforced.add(new Change(at, bytes, false));
        ensure((int) at + bytes.length);
        System.arraycopy(bytes, 0, now, (int) at, bytes.length);
    }

    int read(ByteBuffer to, long at) {
        if (at >= size) {
            return -1;
        }
        int length = (int) Math.min(to.remaining(), size - at);
        to.put(now, (int) at, length);
        return length;
    }

    void truncate(long newSize) {
        if (newSize < size) {
            unforced.add(new Change(newSize, new byte[0], true));
            Arrays.fill(now, (int) newSize, size, (byte) 0);
            size = (int) newSize;
        }
    }

    void force() {
        durable = content();
        unforced.clear();
    }

    /** Leaves what a power cut leaves: the medium, and of what was not forced as much as chance wills. */
    void cutPower(RandomGenerator random) {
        List<Change> changes = List.copyOf(unforced);
        now = durable;
        size = durable.length;
        Weather weather = Weather.values()[random.nextInt(Weather.values().length)];
        int survivors = weather == Weather.A_PREFIX_SURVIVES ? random.nextInt(changes.size() + 1) : changes.size();
        for (int i = 0; i < survivors && weather != Weather.NOTHING_SURVIVES; i++) {
            boolean torn = weather == Weather.EACH_SECTOR_BY_ITSELF
                    || (weather == Weather.A_PREFIX_SURVIVES && i == survivors - 1);
            apply(changes.get(i), torn ? random : null);
        }
        force();
    }

    private void apply(Change change, RandomGenerator torn) {
        if (change.truncates) {
            if (torn == null || random(torn)) {
                truncate(change.at);
            }
            return;
        }
        for (int from = 0; from < change.bytes.length; ) {
            int end = (int) (Math.min(change.at + change.bytes.length, sectorEnd(change.at + from)) - change.at);
            byte[] sector = Arrays.copyOfRange(change.bytes, from, end);
            if (torn == null) {
                write(sector, change.at + from);
            } else {
                writeTorn(sector, change.at + from, torn);
            }
            from = end;
        }
    }

    private void writeTorn(byte[] sector, long at, RandomGenerator random) {
        switch (random.nextInt(6)) {
            case 0 -> write(Arrays.copyOf(sector, sector.length / 2), at);
            case 1 -> write(new byte[sector.length], at);
            case 2 -> {
                sector[random.nextInt(sector.length)] ^= (byte) (1 << random.nextInt(8));
                write(sector, at);
            }
            case 3, 4 -> write(sector, at);
            default -> {
                // Dropped.
            }
        }
    }

    private static boolean random(RandomGenerator random) {
        return random.nextBoolean();
    }

    private static long sectorEnd(long at) {
        return (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
    }

    private void ensure(int wanted) {
        if (now.length < wanted) {
            now = Arrays.copyOf(now, Math.max(wanted, now.length * 2));
        } else if (now == durable) {
            now = now.clone();
        }
        size = Math.max(size, wanted);
    }
}

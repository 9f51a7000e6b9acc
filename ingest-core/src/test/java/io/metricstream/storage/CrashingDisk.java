package io.metricstream.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that keeps no more promises than a real one, for tests of whatever must survive a power cut.
 *
 * <p>What was written and not forced may be dropped, halved, zeroed or have a bit flipped, sector by sector. A created,
 * renamed or deleted name that was not made durable by {@link #syncFolder} may be the old or the new one, each for
 * itself. {@link #afterPowerCut} gives the disk that a restart finds; {@link #afterKill} the one after the end of the
 * process alone, where nothing is lost. The disk itself is dead from then on, so that a thread of the dead server that
 * still runs can do no harm.
 *
 * <p>It also fails: {@link #cutPowerAt} the n-th change, {@link #fail} the next call of a kind, {@link #capacityBytes}
 * at a given byte, {@link #holdForces} blocks.
 *
 * <p>Thread: any.
 */
public final class CrashingDisk implements Disk {
    /** The calls that can be made to fail. */
    public enum Call {
        CREATE,
        OPEN,
        READ,
        WRITE,
        FORCE,
        TRUNCATE,
        RENAME,
        LINK,
        DELETE,
        CREATE_FOLDERS,
        SYNC_FOLDER
    }

    private static final long NEVER = Long.MAX_VALUE;

    /** A folder is a name without a file. */
    private record Name(Path path, SimulatedFile file) {}

    /** A change of names that no folder sync has made durable yet: this name goes, that one comes; a folder with what is in it. */
    private record Renaming(Path gone, Name come) {
        boolean touches(Path folder) {
            return (gone != null && folder.equals(gone.getParent()))
                    || (come != null && folder.equals(come.path.getParent()));
        }

        boolean sharesAName(Renaming other) {
            return names().stream().anyMatch(other.names()::contains);
        }

        private List<Path> names() {
            var names = new ArrayList<Path>();
            if (gone != null) {
                names.add(gone);
            }
            if (come != null) {
                names.add(come.path);
            }
            return names;
        }

        void apply(Map<Path, Name> to) {
            if (gone != null && come != null && come.file == null) {
                moveFolder(to);
                return;
            }
            if (gone != null) {
                to.remove(gone);
            }
            if (come != null) {
                to.put(come.path, come);
            }
        }

        private void moveFolder(Map<Path, Name> in) {
            for (Name name : List.copyOf(in.values())) {
                if (name.path.startsWith(gone)) {
                    Path to = come.path.resolve(gone.relativize(name.path));
                    in.remove(name.path);
                    in.put(to, new Name(to, name.file));
                }
            }
        }
    }

    private final SortedMap<Path, Name> names = new TreeMap<>();
    private final SortedMap<Path, Name> durableNames = new TreeMap<>();
    private final List<Renaming> unsynced = new ArrayList<>();
    private final Map<Call, String> failures = new EnumMap<>(Call.class);
    private Consumer<Call> watcher = call -> {};
    private CountDownLatch forcesHeld = new CountDownLatch(0);
    private long capacityBytes = NEVER;
    private boolean hidesUsage;
    private long changes;
    private long cutAt = NEVER;
    private boolean off;
    private int openFiles;

    /** An empty disk that has this one folder. */
    public CrashingDisk(Path root) {
        names.put(root, new Name(root, null));
        durableNames.putAll(names);
    }

    private CrashingDisk() {}

    /** The same disk once more, as it is. */
    public synchronized CrashingDisk copy() {
        var copy = new CrashingDisk();
        var copies = new HashMap<SimulatedFile, SimulatedFile>();
        names.values().forEach(name -> copy.names.put(name.path, copyOf(name, copies)));
        durableNames.values().forEach(name -> copy.durableNames.put(name.path, copyOf(name, copies)));
        for (Renaming renaming : unsynced) {
            copy.unsynced.add(
                    new Renaming(renaming.gone, renaming.come == null ? null : copyOf(renaming.come, copies)));
        }
        copy.capacityBytes = capacityBytes;
        copy.hidesUsage = hidesUsage;
        return copy;
    }

    /** The disk as the next process finds it: nothing is lost, nothing more is durable. */
    public synchronized CrashingDisk afterKill() {
        off = true;
        return copy();
    }

    /** The disk as it is when the power comes back. */
    public synchronized CrashingDisk afterPowerCut(RandomGenerator random) {
        off = true;
        CrashingDisk after = copy();
        for (Renaming renaming : after.unsynced) {
            if (random.nextBoolean()) {
                renaming.apply(after.durableNames);
            }
        }
        after.unsynced.clear();
        after.durableNames.keySet().removeIf(path -> !after.isReachable(path));
        after.names.clear();
        after.names.putAll(after.durableNames);
        after.names.values().stream()
                .filter(name -> name.file != null)
                .map(Name::file)
                .distinct()
                .forEach(file -> file.cutPower(random));
        return after;
    }

    private boolean isReachable(Path path) {
        Path parent = path.getParent();
        return parent == null || (durableNames.containsKey(parent) && isReachable(parent)) || isRoot(path);
    }

    private boolean isRoot(Path path) {
        return path.equals(names.firstKey());
    }

    /** The power goes in the middle of the n-th change from now on, counted from 1. */
    public synchronized void cutPowerAt(long change) {
        cutAt = changes + change;
    }

    /** How many changes were made so far. */
    public synchronized long changes() {
        return changes;
    }

    public synchronized boolean isOff() {
        return off;
    }

    /** Fails the next call of this kind on a file whose name ends so, once. */
    public synchronized void fail(Call call, String nameEnding) {
        failures.put(call, nameEnding);
    }

    /** From now on the medium does not give what this file has between these offsets, under whatever name. */
    public synchronized void wear(Path path, long from, long to) {
        names.get(path).file.wear(from, to);
    }

    /** Bytes that all files together may have; the write that goes beyond ends at that byte. */
    public synchronized void capacityBytes(long bytes) {
        capacityBytes = bytes;
    }

    /** With true, {@link #usableBytes} says there is room until there is none, as under a quota. */
    public synchronized void hidesUsage(boolean hides) {
        hidesUsage = hides;
    }

    /** From now on every force waits until the latch is counted down. */
    public synchronized CountDownLatch holdForces() {
        forcesHeld = new CountDownLatch(1);
        return forcesHeld;
    }

    /** Told of every change before it is made. */
    public synchronized void watch(Consumer<Call> with) {
        watcher = with;
    }

    /** Files that were opened and not closed. */
    public synchronized int openFiles() {
        return openFiles;
    }

    /** Every file with its content. */
    public synchronized SortedMap<Path, byte[]> files() {
        var files = new TreeMap<Path, byte[]>();
        names.values().stream()
                .filter(name -> name.file != null)
                .forEach(name -> files.put(name.path, name.file.content()));
        return files;
    }

    public synchronized byte[] read(Path path) {
        return names.get(path).file.content();
    }

    /** Puts a file there, durable with its name, whatever was there before; costs no change. */
    public synchronized void plant(Path path, byte[] content) {
        var file = new SimulatedFile();
        file.plant(content);
        new Renaming(null, new Name(path, file)).apply(names);
        new Renaming(null, new Name(path, file)).apply(durableNames);
    }

    /** Takes a file away, durably; costs no change. */
    public synchronized void remove(Path path) {
        names.remove(path);
        durableNames.remove(path);
    }

    @Override
    public synchronized DiskFile create(Path path) throws StorageFailure {
        begin(Call.CREATE, path);
        if (names.containsKey(path) || !names.containsKey(path.getParent())) {
            throw new StorageFailure.Io(path, "creating a file that exists or has no folder");
        }
        var file = new SimulatedFile();
        change(Call.CREATE, path, () -> rename(new Renaming(null, new Name(path, file))), () -> {});
        return open(path, file);
    }

    @Override
    public synchronized DiskFile openWrite(Path path) throws StorageFailure {
        begin(Call.OPEN, path);
        return open(path, existing(path));
    }

    @Override
    public synchronized DiskFile openRead(Path path) throws StorageFailure {
        return openWrite(path);
    }

    @Override
    public synchronized List<Path> list(Path folder) throws StorageFailure {
        begin(Call.OPEN, folder);
        return names.keySet().stream()
                .filter(path -> folder.equals(path.getParent()))
                .toList();
    }

    @Override
    public synchronized boolean exists(Path path) {
        return names.containsKey(path);
    }

    @Override
    public synchronized long usableBytes(Path folder) {
        return hidesUsage ? NEVER : Math.max(0, capacityBytes - usedBytes());
    }

    @Override
    public synchronized void createFolders(Path folder) throws StorageFailure {
        begin(Call.CREATE_FOLDERS, folder);
        if (names.containsKey(folder)) {
            return;
        }
        if (!names.containsKey(folder.getParent())) {
            createFolders(folder.getParent());
        }
        change(Call.CREATE_FOLDERS, folder, () -> rename(new Renaming(null, new Name(folder, null))), () -> {});
    }

    @Override
    public synchronized void link(Path existing, Path link) throws StorageFailure {
        begin(Call.LINK, link);
        SimulatedFile file = existing(existing);
        change(Call.LINK, link, () -> rename(new Renaming(null, new Name(link, file))), () -> {});
    }

    @Override
    public synchronized void rename(Path from, Path to) throws StorageFailure {
        begin(Call.RENAME, from);
        Name name = names.get(from);
        SimulatedFile file = name != null && name.file == null ? null : existing(from);
        change(Call.RENAME, from, () -> rename(new Renaming(from, new Name(to, file))), () -> {});
    }

    @Override
    public synchronized void delete(Path path) throws StorageFailure {
        begin(Call.DELETE, path);
        if (names.containsKey(path)) {
            change(Call.DELETE, path, () -> rename(new Renaming(path, null)), () -> {});
        }
    }

    @Override
    public synchronized void syncFolder(Path folder) throws StorageFailure {
        begin(Call.SYNC_FOLDER, folder);
        change(Call.SYNC_FOLDER, folder, () -> {}, () -> makeDurable(folder));
    }

    private void makeDurable(Path folder) {
        var durable = new ArrayList<Renaming>();
        for (int i = unsynced.size() - 1; i >= 0; i--) {
            Renaming renaming = unsynced.get(i);
            if (renaming.touches(folder) || durable.stream().anyMatch(renaming::sharesAName)) {
                durable.add(0, renaming);
            }
        }
        durable.forEach(renaming -> renaming.apply(durableNames));
        unsynced.removeAll(durable);
    }

    private void rename(Renaming renaming) {
        renaming.apply(names);
        unsynced.add(renaming);
    }

    private SimulatedFile existing(Path path) throws StorageFailure {
        Name name = names.get(path);
        if (name == null || name.file == null) {
            throw new StorageFailure.Io(path, "opening a file that is not there");
        }
        return name.file;
    }

    private DiskFile open(Path path, SimulatedFile file) {
        openFiles++;
        return new Handle(path, file);
    }

    private void checkPower(Path path) throws StorageFailure {
        if (off) {
            throw new StorageFailure.Io(path, "using a disk without power");
        }
    }

    private void begin(Call call, Path path) throws StorageFailure {
        checkPower(path);
        String ending = failures.get(call);
        if (ending != null && path.toString().endsWith(ending)) {
            failures.remove(call);
            throw new StorageFailure.Io(path, "failing as asked for: " + call, new IOException("simulated"));
        }
    }

    /** Makes a change: at once for programs, and where the power holds, on the medium. */
    private void change(Call call, Path path, Runnable now, Runnable onMedium) throws StorageFailure {
        watcher.accept(call);
        changes++;
        now.run();
        if (changes >= cutAt) {
            off = true;
            throw new StorageFailure.Io(path, "the power went: " + call);
        }
        onMedium.run();
    }

    private long usedBytes() {
        return names.values().stream()
                .filter(name -> name.file != null)
                .mapToLong(name -> name.file.size())
                .sum();
    }

    private static Name copyOf(Name name, Map<SimulatedFile, SimulatedFile> copies) {
        return name.file == null ? name : new Name(name.path, copies.computeIfAbsent(name.file, SimulatedFile::copy));
    }

    private final class Handle implements DiskFile {
        private final Path path;
        private final SimulatedFile file;
        private boolean closed;

        Handle(Path path, SimulatedFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public void write(ByteBuffer from, long offsetBytes) throws StorageFailure {
            synchronized (CrashingDisk.this) {
                begin(Call.WRITE, path);
                long growth = Math.max(0, offsetBytes + from.remaining() - file.size());
                long tooMany = Math.max(0, growth - Math.max(0, capacityBytes - usedBytes()));
                byte[] bytes = new byte[(int) (from.remaining() - tooMany)];
                from.get(bytes);
                change(Call.WRITE, path, () -> file.write(bytes, offsetBytes), () -> {});
                if (tooMany > 0) {
                    throw new StorageFailure.DiskFull(path, "writing");
                }
            }
        }

        @Override
        public int read(ByteBuffer to, long offsetBytes) throws StorageFailure {
            synchronized (CrashingDisk.this) {
                begin(Call.READ, path);
                if (file.isWorn(offsetBytes, offsetBytes + to.remaining())) {
                    throw new StorageFailure.Io(path, "reading worn blocks", new IOException("simulated"));
                }
                return file.read(to, offsetBytes);
            }
        }

        @Override
        public void force() throws StorageFailure {
            CountDownLatch held;
            synchronized (CrashingDisk.this) {
                held = forcesHeld;
            }
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new StorageFailure.Io(path, "forcing, interrupted");
            }
            synchronized (CrashingDisk.this) {
                begin(Call.FORCE, path);
                change(Call.FORCE, path, () -> {}, file::force);
            }
        }

        @Override
        public void truncate(long sizeBytes) throws StorageFailure {
            synchronized (CrashingDisk.this) {
                begin(Call.TRUNCATE, path);
                change(Call.TRUNCATE, path, () -> file.truncate(sizeBytes), () -> {});
            }
        }

        @Override
        public long size() throws StorageFailure {
            synchronized (CrashingDisk.this) {
                checkPower(path);
                return file.size();
            }
        }

        @Override
        public void close() {
            synchronized (CrashingDisk.this) {
                if (!closed) {
                    closed = true;
                    openFiles--;
                }
            }
        }
    }
}

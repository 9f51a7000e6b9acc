package io.metricstream.auth;

import io.metricstream.limit.RateOverride;
import io.metricstream.own.ThreadSafe;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * The file of clients: reads it whole, and replaces it whole.
 *
 * <pre>{@code
 * {"clients": [
 *   {"name": "fleet", "key_sha256": ["<64 hexadecimal digits>"], "roles": ["write"], "rate_limit": {"requests": 100}},
 *   {"name": "10.0.0.7", "rate_limit": {"requests": 0, "samples": 100000, "bytes": 1000000}}
 * ]}
 * }</pre>
 *
 * <p>{@code key_sha256} is one string or several, all of them accepted: to change a key without a gap, {@link #add} a second
 * one, hand it out, then {@link #removeOldKeys}. An entry without keys gives limits to a client that is known by its name
 * alone. A limit that is left out is the default; 0 is off.
 *
 * <p>Thread: any, but changes wait for each other by a lock file beside it, across processes too. Owns: nothing between two
 * calls. Limits: {@link #MAX_BYTES}. Fails: KeyFileException, after which the file is as it was before.
 */
@ThreadSafe("keeps nothing but the path; changes exclude each other by a file lock")
public final class KeyFile {
    /** Every key that is made here begins like this, so that one that was published by mistake can be found. */
    static final String KEY_PREFIX = "ms_";

    static final long MAX_BYTES = 16L << 20;
    private static final int KEY_BYTES = 32;

    private final Path path;

    public KeyFile(Path path) {
        this.path = path;
    }

    /** The clients in the order of the file. */
    public List<ClientEntry> list() throws KeyFileException {
        byte[] json = bytes();
        try {
            return KeyFileReader.read(json);
        } catch (KeyFileException e) {
            throw e.in(path);
        }
    }

    /**
     * Makes a new key for a client, which is new too or gets the key beside those it has. Returns the key; it is stored
     * nowhere and cannot be had again. The roles of a client that exists must be the ones given, or none may be given.
     */
    public String add(String name, Set<AccessRole> roles) throws KeyFileException {
        String key = newKey();
        change(true, clients -> {
            int at = indexOf(clients, name);
            ClientEntry before = at < 0 ? new ClientEntry(name, List.of(), roles, RateOverride.NONE) : clients.get(at);
            if (!roles.isEmpty() && !before.roles().isEmpty() && !before.roles().equals(roles)) {
                throw new KeyFileException(path + ": client \"" + name + "\" has the roles " + before.roles()
                        + ", found " + roles + ", wanted the same or none");
            }
            List<KeyHash> keys = new ArrayList<>(before.keys());
            keys.add(KeyHash.of(key));
            Set<AccessRole> rolesAfter = before.roles().isEmpty() ? roles : before.roles();
            put(clients, at, new ClientEntry(name, keys, rolesAfter, before.limits()));
        });
        return key;
    }

    /** Takes a client with all its keys and limits out; returns false where there is none of this name. */
    public boolean remove(String name) throws KeyFileException {
        boolean[] removed = {false};
        change(
                false,
                clients -> removed[0] = clients.removeIf(client -> client.name().equals(name)));
        return removed[0];
    }

    /** Takes out all keys of a client but the newest, and returns how many those were. */
    public int removeOldKeys(String name) throws KeyFileException {
        int[] removed = {0};
        change(false, clients -> {
            int at = indexOf(clients, name);
            if (at < 0) {
                throw new KeyFileException(path + ": found no client \"" + name + "\"");
            }
            ClientEntry before = clients.get(at);
            removed[0] = Math.max(0, before.keys().size() - 1);
            List<KeyHash> newest =
                    before.keys().subList(removed[0], before.keys().size());
            put(clients, at, new ClientEntry(name, newest, before.roles(), before.limits()));
        });
        return removed[0];
    }

    FileStamp stamp() {
        return FileStamp.of(path);
    }

    @FunctionalInterface
    private interface Change {
        void apply(List<ClientEntry> clients) throws KeyFileException;
    }

    private byte[] bytes() throws KeyFileException {
        try {
            long sizeBytes = Files.size(path);
            if (sizeBytes > MAX_BYTES) {
                throw new KeyFileException(path + ": found " + sizeBytes + " bytes, wanted at most " + MAX_BYTES);
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new KeyFileException(path + ": found no such file", e);
        } catch (IOException e) {
            throw new KeyFileException(path + ": cannot be read: " + e, e);
        }
    }

    private void change(boolean create, Change change) throws KeyFileException {
        Path lockPath = path.resolveSibling("." + path.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assert lock.isValid();
            List<ClientEntry> before = create && Files.notExists(path) ? List.of() : list();
            List<ClientEntry> clients = new ArrayList<>(before);
            change.apply(clients);
            if (!clients.equals(before)) {
                KeyFileWriter.replace(path, clients);
            }
        } catch (OverlappingFileLockException e) {
            throw new KeyFileException(path + ": is being changed by another thread", e);
        } catch (IOException e) {
            throw new KeyFileException(path + ": cannot be changed: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new KeyFileException(String.valueOf(e.getMessage()), e);
        }
    }

    private static int indexOf(List<ClientEntry> clients, String name) {
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static void put(List<ClientEntry> clients, int at, ClientEntry entry) {
        if (at < 0) {
            clients.add(entry);
        } else {
            clients.set(at, entry);
        }
    }

    private static String newKey() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return KEY_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}

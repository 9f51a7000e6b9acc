package io.metricstream.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.metricstream.limit.RateLimits;
import io.metricstream.limit.RateOverride;
import io.metricstream.own.ThreadSafe;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who has sent a request.
 *
 * <p>Open mode: everybody may do everything. The client is named after its {@code Authorization} value (see
 * {@link OpenNames}), or after the entry whose key it carries where there is a key file, and without the header after its
 * remote address. Such names are claims, not proofs.
 *
 * <p>Key mode: the header carries the key of an entry of the key file, as {@code Bearer KEY}, {@code Token KEY},
 * {@code Basic base64(USER:KEY)} or the bare key. The user name of Basic must be empty or the entry's name, so that two
 * mixed-up keys are noticed when they are set up.
 *
 * <p>Thread: any; one SHA-256 per call that carries a credential, and no lock. Order: somebody calls
 * {@link #reloadIfChanged} about once a second, on a thread that may wait for a disk.
 *
 * <p>Fails: a key file that has become unreadable or invalid changes nothing; the clients read last stay in force, the
 * problem is logged once for each change of the file and told by {@link #problem}.
 */
@ThreadSafe("one volatile reference to an immutable directory; reloading excludes itself")
public final class Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);

    /** No key is longer; a longer value is refused unhashed. */
    static final int MAX_KEY_CHARS = 512;

    private static final int SALT_BYTES = 32;
    private static final Set<AccessRole> ALL_ROLES = Set.copyOf(EnumSet.allOf(AccessRole.class));

    private static final Access MISSING = Access.refused("found no Authorization header, wanted one with a key");
    private static final Access MALFORMED = Access.refused(
            "found an Authorization header of another form, wanted Bearer KEY, Token KEY, Basic or the key alone");
    private static final Access UNKNOWN = Access.refused("found a key that no client has");
    private static final Access WRONG_USER =
            Access.refused("found a Basic user name that is not the name of the key's client, wanted that or none");

    private final boolean open;
    private final OpenNames openNames;
    private final ThreadLocal<MessageDigest> sha256 = ThreadLocal.withInitial(KeyHash::newSha256);
    private final @Nullable KeyFile file;

    private volatile Directory directory;
    private volatile @Nullable String problem;

    /** Guards the two below, and makes reloads exclude each other. */
    private final Object reloadLock = new Object();

    @GuardedBy("reloadLock")
    private FileStamp readStamp;

    @GuardedBy("reloadLock")
    private boolean settled;

    private record Directory(ClientDirectory clients, List<ClientEntry> entries, long generation) {}

    private Authenticator(boolean open, @Nullable KeyFile file, FileStamp stamp, List<ClientEntry> entries) {
        this.open = open;
        this.file = file;
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        this.openNames = new OpenNames(salt);
        this.readStamp = stamp;
        this.directory = new Directory(new ClientDirectory(entries), entries, 0);
    }

    /** Open mode without a key file. */
    public static Authenticator open() {
        return new Authenticator(true, null, FileStamp.ABSENT, List.of());
    }

    /** Open mode with a file that gives clients names and limits. */
    public static Authenticator open(Path keyFile) throws KeyFileException {
        return of(true, new KeyFile(keyFile));
    }

    /** Key mode. */
    public static Authenticator keys(Path keyFile) throws KeyFileException {
        return of(false, new KeyFile(keyFile));
    }

    /** Key mode without a file, for one client that may do everything. */
    public static Authenticator only(String clientName, String key) {
        var entry = new ClientEntry(clientName, List.of(KeyHash.of(key)), ALL_ROLES, RateOverride.NONE);
        return new Authenticator(false, null, FileStamp.ABSENT, List.of(entry));
    }

    private static Authenticator of(boolean open, KeyFile file) throws KeyFileException {
        // The stamp comes first: a change between the two is then seen as one by the next look.
        FileStamp stamp = file.stamp();
        return new Authenticator(open, file, stamp, file.list());
    }

    /**
     * Says who has sent a request.
     *
     * @param authorization the value of the header as it came; null where there was none
     * @param remoteAddress the client's address without its port
     */
    public Access authenticate(@Nullable String authorization, String remoteAddress) {
        String value = authorization == null ? "" : authorization.strip();
        return open ? openAccess(value, remoteAddress) : keyAccess(value);
    }

    /** True where no key is asked for. */
    public boolean isOpen() {
        return open;
    }

    /** Whether any client has a key; in key mode nobody gets in without. */
    public boolean hasKeys() {
        return directory.clients().hasKeys();
    }

    /** The limits of the clients in the key file, by name, for the register of clients. */
    public Map<String, RateLimits> limits(RateLimits defaults) {
        return directory.clients().limits(defaults);
    }

    /** Grows with each change of the clients in force; an {@link Access} may be kept as long as it stays the same. */
    public long generation() {
        return directory.generation();
    }

    /** What is wrong with the key file now, so that older clients are in force; null where nothing is. */
    public @Nullable String problem() {
        return problem;
    }

    /**
     * Reads the key file again where its time, size or inode differ from those read last. Returns true where other clients
     * are in force now.
     */
    public boolean reloadIfChanged() {
        if (file == null) {
            return false;
        }
        synchronized (reloadLock) {
            FileStamp stamp = file.stamp();
            boolean same = stamp.equals(readStamp);
            if (same && settled) {
                return false;
            }
            // A second change within the granularity of the file's time leaves the same stamp. The next look finds it,
            // since a file is read twice with each stamp.
            settled = same;
            readStamp = stamp;
            return reload(file, same);
        }
    }

    private boolean reload(KeyFile changed, boolean sameStamp) {
        List<ClientEntry> entries;
        try {
            entries = changed.list();
        } catch (KeyFileException e) {
            if (!sameStamp || !String.valueOf(e.getMessage()).equals(problem)) {
                LOG.warn("key file not taken over, the clients read before stay in force: {}", e.getMessage());
            }
            problem = e.getMessage();
            return false;
        }
        problem = null;
        Directory before = directory;
        if (entries.equals(before.entries())) {
            return false;
        }
        directory = new Directory(new ClientDirectory(entries), entries, before.generation() + 1);
        LOG.info(
                "key file taken over: clients={}, before={}",
                entries.size(),
                before.entries().size());
        return true;
    }

    private Access openAccess(String value, String remoteAddress) {
        if (value.isEmpty()) {
            return Access.of(remoteAddress, ALL_ROLES);
        }
        Access entry = directory.clients().hasKeys() ? keyAccess(value) : UNKNOWN;
        return Access.of(entry.known() ? entry.clientName() : openNames.nameOf(value, sha256.get()), ALL_ROLES);
    }

    private Access keyAccess(String value) {
        if (value.isEmpty()) {
            return MISSING;
        }
        Credential credential = Credential.parse(value);
        if (credential == null) {
            return MALFORMED;
        }
        if (credential.key().length() > MAX_KEY_CHARS) {
            return UNKNOWN;
        }
        Access access = directory.clients().find(KeyHash.of(credential.key(), sha256.get()));
        if (access == null) {
            return UNKNOWN;
        }
        return credential.user().isEmpty() || credential.user().equals(access.clientName()) ? access : WRONG_USER;
    }
}
